using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Mooring.Server.Postgres.Migrations
{
    /// <inheritdoc />
    public partial class Slugs : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<string>(
                name: "slug",
                table: "users",
                type: "character varying(30)",
                maxLength: 30,
                nullable: true);

            migrationBuilder.CreateIndex(
                name: "IX_users_slug",
                table: "users",
                column: "slug",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_api_keys_user_id_created_at",
                table: "api_keys",
                columns: new[] { "user_id", "created_at" });
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(
                name: "IX_users_slug",
                table: "users");

            migrationBuilder.DropIndex(
                name: "IX_api_keys_user_id_created_at",
                table: "api_keys");

            migrationBuilder.DropColumn(
                name: "slug",
                table: "users");
        }
    }
}
