using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Mooring.Server.Postgres.Migrations
{
    /// <inheritdoc />
    public partial class LedgerFromEvents : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<long>(
                name: "ledger_audit_taken_until",
                table: "installation",
                type: "bigint",
                nullable: true);

            migrationBuilder.AddColumn<long>(
                name: "amount",
                table: "events",
                type: "bigint",
                nullable: true);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropColumn(
                name: "ledger_audit_taken_until",
                table: "installation");

            migrationBuilder.DropColumn(
                name: "amount",
                table: "events");
        }
    }
}
