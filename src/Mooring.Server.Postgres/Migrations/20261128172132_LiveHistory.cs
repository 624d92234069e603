using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Mooring.Server.Postgres.Migrations
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
                type: "boolean",
                nullable: false,
                defaultValue: false);

            migrationBuilder.CreateTable(
                name: "login_requests",
                columns: table => new
                {
                    id = table.Column<string>(type: "character varying(12)", maxLength: 12, nullable: false),
                    code_hash = table.Column<byte[]>(type: "bytea", maxLength: 32, nullable: false),
                    token_hash = table.Column<byte[]>(type: "bytea", maxLength: 32, nullable: false),
                    public_key = table.Column<byte[]>(type: "bytea", nullable: false),
                    address = table.Column<string>(type: "character varying(64)", maxLength: 64, nullable: false),
                    network = table.Column<string>(type: "character varying(64)", maxLength: 64, nullable: false),
                    user_agent = table.Column<string>(type: "character varying(100)", maxLength: 100, nullable: true),
                    created_at = table.Column<long>(type: "bigint", nullable: false),
                    expires_at = table.Column<long>(type: "bigint", nullable: false),
                    denied_at = table.Column<long>(type: "bigint", nullable: true),
                    approved_at = table.Column<long>(type: "bigint", nullable: true),
                    key_prefix = table.Column<string>(type: "character varying(12)", maxLength: 12, nullable: true),
                    sealed_key = table.Column<byte[]>(type: "bytea", nullable: true),
                    collected_at = table.Column<long>(type: "bigint", nullable: true)
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
