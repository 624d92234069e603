using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Mooring.Server.Sqlite.Migrations
{
    /// <inheritdoc />
    public partial class DiskCounts : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<int>(
                name: "current_disks",
                table: "accounts",
                type: "INTEGER",
                nullable: false,
                defaultValue: 0);

            // Counted once; from here on each transaction keeps it.
            migrationBuilder.Sql(
                """
                UPDATE accounts SET current_disks =
                    (SELECT count(*) FROM disks WHERE account_id = accounts.id AND terminated_at IS NULL)
                """);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropColumn(
                name: "current_disks",
                table: "accounts");
        }
    }
}
