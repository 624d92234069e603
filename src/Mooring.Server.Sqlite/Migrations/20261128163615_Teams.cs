using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Mooring.Server.Sqlite.Migrations
{
    /// <inheritdoc />
    public partial class Teams : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<long>(
                name: "disabled_at",
                table: "users",
                type: "INTEGER",
                nullable: true);

            migrationBuilder.AddColumn<long>(
                name: "disabled_at",
                table: "api_keys",
                type: "INTEGER",
                nullable: true);

            migrationBuilder.AddColumn<long>(
                name: "last_used_at",
                table: "api_keys",
                type: "INTEGER",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "last_used_from",
                table: "api_keys",
                type: "TEXT",
                maxLength: 45,
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "team_id",
                table: "api_keys",
                type: "TEXT",
                maxLength: 32,
                nullable: true);

            migrationBuilder.AddColumn<long>(
                name: "current_gib",
                table: "accounts",
                type: "INTEGER",
                nullable: false,
                defaultValue: 0L);

            migrationBuilder.AddColumn<int>(
                name: "current_pods",
                table: "accounts",
                type: "INTEGER",
                nullable: false,
                defaultValue: 0);

            migrationBuilder.AddColumn<long>(
                name: "current_rate",
                table: "accounts",
                type: "INTEGER",
                nullable: false,
                defaultValue: 0L);

            migrationBuilder.AddColumn<int>(
                name: "quota_disks",
                table: "accounts",
                type: "INTEGER",
                nullable: true);

            migrationBuilder.AddColumn<long>(
                name: "quota_gib",
                table: "accounts",
                type: "INTEGER",
                nullable: true);

            migrationBuilder.AddColumn<int>(
                name: "quota_pods",
                table: "accounts",
                type: "INTEGER",
                nullable: true);

            migrationBuilder.AddColumn<long>(
                name: "quota_rate",
                table: "accounts",
                type: "INTEGER",
                nullable: true);

            // Counted once; from here on each transaction keeps it.
            migrationBuilder.Sql(
                """
                UPDATE accounts SET
                    current_gib = (SELECT CAST(COALESCE(sum(size_gib), 0) AS bigint) FROM disks
                        WHERE account_id = accounts.id AND terminated_at IS NULL),
                    current_pods = (SELECT count(*) FROM pods
                        WHERE account_id = accounts.id AND terminated_at IS NULL),
                    current_rate = (SELECT CAST(COALESCE(sum(price_hr), 0) AS bigint) FROM disks
                        WHERE account_id = accounts.id AND terminated_at IS NULL)
                        + (SELECT CAST(COALESCE(sum(price_hr), 0) AS bigint) FROM pods
                        WHERE account_id = accounts.id AND terminated_at IS NULL)
                """);

            // A section of its own: whoever could make keys as an operator can make their own.
            migrationBuilder.Sql(
                "UPDATE api_keys SET permissions = permissions | ((permissions & 12288) * 4)");

            migrationBuilder.CreateTable(
                name: "team_members",
                columns: table => new
                {
                    team_id = table.Column<string>(type: "TEXT", maxLength: 32, nullable: false),
                    user_id = table.Column<string>(type: "TEXT", maxLength: 32, nullable: false),
                    role = table.Column<string>(type: "TEXT", maxLength: 16, nullable: false),
                    joined_at = table.Column<long>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_team_members", x => new { x.team_id, x.user_id });
                });

            migrationBuilder.CreateTable(
                name: "teams",
                columns: table => new
                {
                    id = table.Column<string>(type: "TEXT", maxLength: 32, nullable: false),
                    account_id = table.Column<string>(type: "TEXT", maxLength: 32, nullable: false),
                    name = table.Column<string>(type: "TEXT", maxLength: 255, nullable: false),
                    slug = table.Column<string>(type: "TEXT", maxLength: 30, nullable: true),
                    created_at = table.Column<long>(type: "INTEGER", nullable: false),
                    deleted_at = table.Column<long>(type: "INTEGER", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_teams", x => x.id);
                });

            migrationBuilder.CreateIndex(
                name: "IX_users_created_at_id",
                table: "users",
                columns: new[] { "created_at", "id" });

            migrationBuilder.CreateIndex(
                name: "IX_users_email",
                table: "users",
                column: "email",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_team_members_team_id_joined_at_user_id",
                table: "team_members",
                columns: new[] { "team_id", "joined_at", "user_id" });

            migrationBuilder.CreateIndex(
                name: "IX_team_members_user_id_joined_at_team_id",
                table: "team_members",
                columns: new[] { "user_id", "joined_at", "team_id" });

            migrationBuilder.CreateIndex(
                name: "IX_teams_created_at_id",
                table: "teams",
                columns: new[] { "created_at", "id" });

            migrationBuilder.CreateIndex(
                name: "IX_teams_slug",
                table: "teams",
                column: "slug",
                unique: true);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "team_members");

            migrationBuilder.DropTable(
                name: "teams");

            migrationBuilder.DropIndex(
                name: "IX_users_created_at_id",
                table: "users");

            migrationBuilder.DropIndex(
                name: "IX_users_email",
                table: "users");

            migrationBuilder.DropColumn(
                name: "disabled_at",
                table: "users");

            migrationBuilder.DropColumn(
                name: "disabled_at",
                table: "api_keys");

            migrationBuilder.DropColumn(
                name: "last_used_at",
                table: "api_keys");

            migrationBuilder.DropColumn(
                name: "last_used_from",
                table: "api_keys");

            migrationBuilder.DropColumn(
                name: "team_id",
                table: "api_keys");

            migrationBuilder.DropColumn(
                name: "current_gib",
                table: "accounts");

            migrationBuilder.DropColumn(
                name: "current_pods",
                table: "accounts");

            migrationBuilder.DropColumn(
                name: "current_rate",
                table: "accounts");

            migrationBuilder.DropColumn(
                name: "quota_disks",
                table: "accounts");

            migrationBuilder.DropColumn(
                name: "quota_gib",
                table: "accounts");

            migrationBuilder.DropColumn(
                name: "quota_pods",
                table: "accounts");

            migrationBuilder.DropColumn(
                name: "quota_rate",
                table: "accounts");
        }
    }
}
