using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Mooring.Server.Postgres.Migrations
{
    /// <inheritdoc />
    public partial class ProviderCredentials : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<string>(
                name: "credential",
                table: "provider_accounts",
                type: "text",
                nullable: true);

            migrationBuilder.AddColumn<long>(
                name: "credential_set_at",
                table: "provider_accounts",
                type: "bigint",
                nullable: true);

            migrationBuilder.AddColumn<long>(
                name: "disabled_at",
                table: "provider_accounts",
                type: "bigint",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "settings",
                table: "provider_accounts",
                type: "text",
                nullable: false,
                defaultValueSql: "'{}'");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropColumn(
                name: "credential",
                table: "provider_accounts");

            migrationBuilder.DropColumn(
                name: "credential_set_at",
                table: "provider_accounts");

            migrationBuilder.DropColumn(
                name: "disabled_at",
                table: "provider_accounts");

            migrationBuilder.DropColumn(
                name: "settings",
                table: "provider_accounts");
        }
    }
}
