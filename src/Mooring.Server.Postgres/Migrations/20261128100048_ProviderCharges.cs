using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Mooring.Server.Postgres.Migrations
{
    /// <inheritdoc />
    public partial class ProviderCharges : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<long>(
                name: "charges_read_at",
                table: "provider_accounts",
                type: "bigint",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "charges_reason",
                table: "provider_accounts",
                type: "text",
                nullable: true);

            migrationBuilder.CreateTable(
                name: "provider_charges",
                columns: table => new
                {
                    provider_account_id = table.Column<string>(type: "character varying(32)", maxLength: 32, nullable: false),
                    day = table.Column<string>(type: "character varying(10)", maxLength: 10, nullable: false),
                    kind = table.Column<string>(type: "character varying(8)", maxLength: 8, nullable: false),
                    remote_id = table.Column<string>(type: "character varying(255)", maxLength: 255, nullable: false),
                    name = table.Column<string>(type: "character varying(255)", maxLength: 255, nullable: true),
                    resource_id = table.Column<string>(type: "character varying(32)", maxLength: 32, nullable: true),
                    amount = table.Column<long>(type: "bigint", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_provider_charges", x => new { x.provider_account_id, x.day, x.kind, x.remote_id });
                });

            migrationBuilder.CreateIndex(
                name: "ix_pods_remote_id",
                table: "pods",
                columns: new[] { "provider_account_id", "remote_id" },
                filter: "remote_id IS NOT NULL");

            migrationBuilder.CreateIndex(
                name: "ix_disks_remote_id",
                table: "disks",
                columns: new[] { "provider_account_id", "remote_id" },
                filter: "remote_id IS NOT NULL");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "provider_charges");

            migrationBuilder.DropIndex(
                name: "ix_pods_remote_id",
                table: "pods");

            migrationBuilder.DropIndex(
                name: "ix_disks_remote_id",
                table: "disks");

            migrationBuilder.DropColumn(
                name: "charges_read_at",
                table: "provider_accounts");

            migrationBuilder.DropColumn(
                name: "charges_reason",
                table: "provider_accounts");
        }
    }
}
