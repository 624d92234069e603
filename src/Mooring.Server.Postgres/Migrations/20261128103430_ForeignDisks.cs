using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Mooring.Server.Postgres.Migrations
{
    /// <inheritdoc />
    public partial class ForeignDisks : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<string>(
                name: "foreign_name",
                table: "disks",
                type: "character varying(128)",
                maxLength: 128,
                nullable: true);

            migrationBuilder.CreateIndex(
                name: "ix_disks_foreign",
                table: "disks",
                columns: new[] { "provider_account_id", "remote_id" },
                unique: true,
                filter: "foreign_name IS NOT NULL AND terminated_at IS NULL");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(
                name: "ix_disks_foreign",
                table: "disks");

            migrationBuilder.DropColumn(
                name: "foreign_name",
                table: "disks");
        }
    }
}
