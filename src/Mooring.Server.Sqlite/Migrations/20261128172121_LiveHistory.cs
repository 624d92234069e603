using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Mooring.Server.Sqlite.Migrations
{
    /// <inheritdoc />
    public partial class LiveHistory : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<bool>(
                name: "is_deletion_forbidden",
                table: "disks",
                type: "INTEGER",
                nullable: false,
                defaultValue: false);

            migrationBuilder.CreateTable(
                name: "login_requests",
                columns: table => new
                {
                    id = table.Column<string>(type: "TEXT", maxLength: 12, nullable: false),
                    code_hash = table.Column<byte[]>(type: "BLOB", maxLength: 32, nullable: false),
                    token_hash = table.Column<byte[]>(type: "BLOB", maxLength: 32, nullable: false),
                    public_key = table.Column<byte[]>(type: "BLOB", nullable: false),
                    address = table.Column<string>(type: "TEXT", maxLength: 64, nullable: false),
                    network = table.Column<string>(type: "TEXT", maxLength: 64, nullable: false),
                    user_agent = table.Column<string>(type: "TEXT", maxLength: 100, nullable: true),
                    created_at = table.Column<long>(type: "INTEGER", nullable: false),
                    expires_at = table.Column<long>(type: "INTEGER", nullable: false),
                    denied_at = table.Column<long>(type: "INTEGER", nullable: true),
                    approved_at = table.Column<long>(type: "INTEGER", nullable: true),
                    key_prefix = table.Column<string>(type: "TEXT", maxLength: 12, nullable: true),
                    sealed_key = table.Column<byte[]>(type: "BLOB", nullable: true),
                    collected_at = table.Column<long>(type: "INTEGER", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_login_requests", x => x.id);
                });

            migrationBuilder.CreateIndex(
                name: "ix_events_of_account",
                table: "events",
                columns: new[] { "account_id", "number" });

            migrationBuilder.CreateIndex(
                name: "IX_login_requests_code_hash",
                table: "login_requests",
                column: "code_hash",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_login_requests_expires_at",
                table: "login_requests",
                column: "expires_at");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "login_requests");

            migrationBuilder.DropIndex(
                name: "ix_events_of_account",
                table: "events");

            migrationBuilder.DropColumn(
                name: "is_deletion_forbidden",
                table: "disks");
        }
    }
}
