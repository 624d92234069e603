using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Mooring.Server.Postgres.Migrations
{
    /// <inheritdoc />
    public partial class Costs : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<long>(
                name: "ledger_audited_at",
                table: "installation",
                type: "bigint",
                nullable: true);

            migrationBuilder.CreateTable(
                name: "offer_prices",
                columns: table => new
                {
                    provider_account_id = table.Column<string>(type: "character varying(32)", maxLength: 32, nullable: false),
                    offer = table.Column<string>(type: "text", nullable: false),
                    ordinal = table.Column<int>(type: "integer", nullable: false),
                    provider_type = table.Column<string>(type: "text", nullable: false),
                    cloud_id = table.Column<string>(type: "text", nullable: true),
                    data_center = table.Column<string>(type: "text", nullable: true),
                    country = table.Column<string>(type: "text", nullable: true),
                    region = table.Column<string>(type: "text", nullable: true),
                    price_per_gib_hour = table.Column<long>(type: "bigint", nullable: false),
                    price_before = table.Column<long>(type: "bigint", nullable: true),
                    seen_at = table.Column<long>(type: "bigint", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_offer_prices", x => new { x.provider_account_id, x.offer, x.ordinal });
                });

            migrationBuilder.CreateIndex(
                name: "ix_usage_spans_account",
                table: "usage_spans",
                columns: new[] { "account_id", "to" });

            migrationBuilder.CreateIndex(
                name: "ix_attachments_released",
                table: "attachments",
                columns: new[] { "disk_id", "released_at" },
                filter: "released_at IS NOT NULL");

            migrationBuilder.CreateIndex(
                name: "IX_offer_prices_seen_at_provider_account_id_offer_ordinal",
                table: "offer_prices",
                columns: new[] { "seen_at", "provider_account_id", "offer", "ordinal" },
                descending: new bool[0]);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "offer_prices");

            migrationBuilder.DropIndex(
                name: "ix_usage_spans_account",
                table: "usage_spans");

            migrationBuilder.DropIndex(
                name: "ix_attachments_released",
                table: "attachments");

            migrationBuilder.DropColumn(
                name: "ledger_audited_at",
                table: "installation");
        }
    }
}
