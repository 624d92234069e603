using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Mooring.Server.Sqlite.Migrations
{
    /// <inheritdoc />
    public partial class Wallets : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<int>(
                name: "attempt",
                table: "wallets",
                type: "INTEGER",
                nullable: false,
                defaultValue: 0);

            migrationBuilder.AddColumn<string>(
                name: "claim_token",
                table: "wallets",
                type: "TEXT",
                maxLength: 32,
                nullable: true);

            migrationBuilder.AddColumn<long>(
                name: "claim_until",
                table: "wallets",
                type: "INTEGER",
                nullable: true);

            migrationBuilder.AddColumn<long>(
                name: "credit_pico_usd",
                table: "wallets",
                type: "INTEGER",
                nullable: false,
                defaultValue: 0L);

            migrationBuilder.AddColumn<long>(
                name: "credit_usd",
                table: "wallets",
                type: "INTEGER",
                nullable: false,
                defaultValue: 0L);

            migrationBuilder.AddColumn<long>(
                name: "due_at",
                table: "wallets",
                type: "INTEGER",
                nullable: true);

            migrationBuilder.AddColumn<long>(
                name: "empty_since",
                table: "wallets",
                type: "INTEGER",
                nullable: true);

            migrationBuilder.AddColumn<long>(
                name: "grace_from",
                table: "wallets",
                type: "INTEGER",
                nullable: true);

            migrationBuilder.AddColumn<int>(
                name: "grace_stage",
                table: "wallets",
                type: "INTEGER",
                nullable: false,
                defaultValue: 0);

            migrationBuilder.AddColumn<long>(
                name: "grace_stage_at",
                table: "wallets",
                type: "INTEGER",
                nullable: true);

            migrationBuilder.AddColumn<bool>(
                name: "is_cut_off",
                table: "wallets",
                type: "INTEGER",
                nullable: false,
                defaultValue: false);

            migrationBuilder.AddColumn<bool>(
                name: "is_prepaid",
                table: "wallets",
                type: "INTEGER",
                nullable: false,
                defaultValue: false);

            migrationBuilder.AddColumn<long>(
                name: "low_since",
                table: "wallets",
                type: "INTEGER",
                nullable: true);

            migrationBuilder.AddColumn<long>(
                name: "offset_high",
                table: "wallets",
                type: "INTEGER",
                nullable: true);

            migrationBuilder.AddColumn<long>(
                name: "offset_low",
                table: "wallets",
                type: "INTEGER",
                nullable: true);

            migrationBuilder.AddColumn<long>(
                name: "rate",
                table: "wallets",
                type: "INTEGER",
                nullable: false,
                defaultValue: 0L);

            migrationBuilder.AddColumn<long>(
                name: "told_at",
                table: "wallets",
                type: "INTEGER",
                nullable: true);

            migrationBuilder.AddColumn<long>(
                name: "version",
                table: "wallets",
                type: "INTEGER",
                nullable: false,
                defaultValue: 0L);

            migrationBuilder.AddColumn<bool>(
                name: "is_unpaid",
                table: "disks",
                type: "INTEGER",
                nullable: false,
                defaultValue: false);

            migrationBuilder.CreateTable(
                name: "credit_entries",
                columns: table => new
                {
                    number = table.Column<long>(type: "INTEGER", nullable: false)
                        .Annotation("Sqlite:Autoincrement", true),
                    wallet_id = table.Column<string>(type: "TEXT", maxLength: 32, nullable: false),
                    at = table.Column<long>(type: "INTEGER", nullable: false),
                    amount = table.Column<long>(type: "INTEGER", nullable: false),
                    reference = table.Column<string>(type: "TEXT", maxLength: 255, nullable: false),
                    user_id = table.Column<string>(type: "TEXT", maxLength: 32, nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_credit_entries", x => x.number);
                });

            migrationBuilder.CreateIndex(
                name: "IX_wallets_created_at_id",
                table: "wallets",
                columns: new[] { "created_at", "id" });

            migrationBuilder.CreateIndex(
                name: "ix_wallets_due",
                table: "wallets",
                column: "due_at",
                filter: "due_at IS NOT NULL");

            migrationBuilder.CreateIndex(
                name: "ix_disks_unpaid",
                table: "disks",
                column: "wallet_id",
                filter: "is_unpaid");

            migrationBuilder.CreateIndex(
                name: "IX_credit_entries_wallet_id_number",
                table: "credit_entries",
                columns: new[] { "wallet_id", "number" });
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "credit_entries");

            migrationBuilder.DropIndex(
                name: "IX_wallets_created_at_id",
                table: "wallets");

            migrationBuilder.DropIndex(
                name: "ix_wallets_due",
                table: "wallets");

            migrationBuilder.DropIndex(
                name: "ix_disks_unpaid",
                table: "disks");

            migrationBuilder.DropColumn(
                name: "attempt",
                table: "wallets");

            migrationBuilder.DropColumn(
                name: "claim_token",
                table: "wallets");

            migrationBuilder.DropColumn(
                name: "claim_until",
                table: "wallets");

            migrationBuilder.DropColumn(
                name: "credit_pico_usd",
                table: "wallets");

            migrationBuilder.DropColumn(
                name: "credit_usd",
                table: "wallets");

            migrationBuilder.DropColumn(
                name: "due_at",
                table: "wallets");

            migrationBuilder.DropColumn(
                name: "empty_since",
                table: "wallets");

            migrationBuilder.DropColumn(
                name: "grace_from",
                table: "wallets");

            migrationBuilder.DropColumn(
                name: "grace_stage",
                table: "wallets");

            migrationBuilder.DropColumn(
                name: "grace_stage_at",
                table: "wallets");

            migrationBuilder.DropColumn(
                name: "is_cut_off",
                table: "wallets");

            migrationBuilder.DropColumn(
                name: "is_prepaid",
                table: "wallets");

            migrationBuilder.DropColumn(
                name: "low_since",
                table: "wallets");

            migrationBuilder.DropColumn(
                name: "offset_high",
                table: "wallets");

            migrationBuilder.DropColumn(
                name: "offset_low",
                table: "wallets");

            migrationBuilder.DropColumn(
                name: "rate",
                table: "wallets");

            migrationBuilder.DropColumn(
                name: "told_at",
                table: "wallets");

            migrationBuilder.DropColumn(
                name: "version",
                table: "wallets");

            migrationBuilder.DropColumn(
                name: "is_unpaid",
                table: "disks");
        }
    }
}
