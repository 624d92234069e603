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
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropColumn(
                name: "is_deletion_forbidden",
                table: "disks");
        }
    }
}
