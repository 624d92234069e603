using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Mooring.Server.Sqlite.Migrations
{
    /// <inheritdoc />
    public partial class Initial : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateTable(
                name: "accounts",
                columns: table => new
                {
                    id = table.Column<string>(type: "TEXT", maxLength: 32, nullable: false),
                    name = table.Column<string>(type: "TEXT", maxLength: 255, nullable: false),
                    user_id = table.Column<string>(type: "TEXT", maxLength: 32, nullable: true),
                    team_id = table.Column<string>(type: "TEXT", maxLength: 32, nullable: true),
                    wallet_id = table.Column<string>(type: "TEXT", maxLength: 32, nullable: false),
                    created_at = table.Column<long>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_accounts", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "api_keys",
                columns: table => new
                {
                    prefix = table.Column<string>(type: "TEXT", maxLength: 12, nullable: false),
                    name = table.Column<string>(type: "TEXT", maxLength: 255, nullable: false),
                    hash = table.Column<byte[]>(type: "BLOB", maxLength: 32, nullable: false),
                    user_id = table.Column<string>(type: "TEXT", maxLength: 32, nullable: false),
                    account_id = table.Column<string>(type: "TEXT", maxLength: 32, nullable: false),
                    permissions = table.Column<int>(type: "INTEGER", nullable: false),
                    created_at = table.Column<long>(type: "INTEGER", nullable: false),
                    expires_at = table.Column<long>(type: "INTEGER", nullable: true),
                    revoked_at = table.Column<long>(type: "INTEGER", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_api_keys", x => x.prefix);
                });

            migrationBuilder.CreateTable(
                name: "attachments",
                columns: table => new
                {
                    id = table.Column<string>(type: "TEXT", maxLength: 32, nullable: false),
                    disk_id = table.Column<string>(type: "TEXT", maxLength: 32, nullable: false),
                    pod_id = table.Column<string>(type: "TEXT", maxLength: 32, nullable: false),
                    host_id = table.Column<string>(type: "TEXT", maxLength: 64, nullable: true),
                    account_id = table.Column<string>(type: "TEXT", maxLength: 32, nullable: false),
                    ordinal = table.Column<int>(type: "INTEGER", nullable: false),
                    mount_path = table.Column<string>(type: "TEXT", maxLength: 255, nullable: false),
                    generation = table.Column<long>(type: "INTEGER", nullable: false),
                    is_exclusive = table.Column<bool>(type: "INTEGER", nullable: false),
                    status = table.Column<string>(type: "TEXT", maxLength: 16, nullable: false),
                    reason = table.Column<string>(type: "TEXT", nullable: true),
                    claimed_at = table.Column<long>(type: "INTEGER", nullable: false),
                    attached_at = table.Column<long>(type: "INTEGER", nullable: true),
                    released_at = table.Column<long>(type: "INTEGER", nullable: true),
                    version = table.Column<long>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_attachments", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "capacity_pools",
                columns: table => new
                {
                    provider_account_id = table.Column<string>(type: "TEXT", maxLength: 32, nullable: false),
                    name = table.Column<string>(type: "TEXT", maxLength: 255, nullable: false),
                    capacity_gib = table.Column<long>(type: "INTEGER", nullable: false),
                    promised_gib = table.Column<long>(type: "INTEGER", nullable: false),
                    updated_at = table.Column<long>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_capacity_pools", x => new { x.provider_account_id, x.name });
                });

            migrationBuilder.CreateTable(
                name: "disks",
                columns: table => new
                {
                    id = table.Column<string>(type: "TEXT", maxLength: 32, nullable: false),
                    name = table.Column<string>(type: "TEXT", maxLength: 255, nullable: false),
                    size_gib = table.Column<int>(type: "INTEGER", nullable: false),
                    status = table.Column<string>(type: "TEXT", maxLength: 16, nullable: false),
                    reason = table.Column<string>(type: "TEXT", nullable: true),
                    account_id = table.Column<string>(type: "TEXT", maxLength: 32, nullable: false),
                    creator_id = table.Column<string>(type: "TEXT", maxLength: 32, nullable: false),
                    team_id = table.Column<string>(type: "TEXT", maxLength: 32, nullable: true),
                    wallet_id = table.Column<string>(type: "TEXT", maxLength: 32, nullable: false),
                    provider_account_id = table.Column<string>(type: "TEXT", maxLength: 32, nullable: false),
                    provider_type = table.Column<string>(type: "TEXT", nullable: false),
                    cloud_id = table.Column<string>(type: "TEXT", nullable: true),
                    data_center = table.Column<string>(type: "TEXT", nullable: true),
                    country = table.Column<string>(type: "TEXT", nullable: true),
                    region = table.Column<string>(type: "TEXT", nullable: true),
                    is_multinode = table.Column<bool>(type: "INTEGER", nullable: false),
                    pool = table.Column<string>(type: "TEXT", nullable: true),
                    remote_name = table.Column<string>(type: "TEXT", maxLength: 64, nullable: false),
                    remote_id = table.Column<string>(type: "TEXT", maxLength: 255, nullable: true),
                    is_at_provider = table.Column<bool>(type: "INTEGER", nullable: false),
                    settles_at = table.Column<long>(type: "INTEGER", nullable: true),
                    absent_looks = table.Column<int>(type: "INTEGER", nullable: false),
                    price_hr = table.Column<long>(type: "INTEGER", nullable: false),
                    stopped_price_hr = table.Column<long>(type: "INTEGER", nullable: false),
                    provisioning_price_hr = table.Column<long>(type: "INTEGER", nullable: false),
                    generation = table.Column<long>(type: "INTEGER", nullable: false),
                    created_at = table.Column<long>(type: "INTEGER", nullable: false),
                    updated_at = table.Column<long>(type: "INTEGER", nullable: false),
                    status_since = table.Column<long>(type: "INTEGER", nullable: false),
                    terminated_at = table.Column<long>(type: "INTEGER", nullable: true),
                    unreadable_since = table.Column<long>(type: "INTEGER", nullable: true),
                    deadline = table.Column<long>(type: "INTEGER", nullable: true),
                    is_overdue_told = table.Column<bool>(type: "INTEGER", nullable: false),
                    due_at = table.Column<long>(type: "INTEGER", nullable: true),
                    attempt = table.Column<int>(type: "INTEGER", nullable: false),
                    claim_token = table.Column<string>(type: "TEXT", maxLength: 32, nullable: true),
                    claim_until = table.Column<long>(type: "INTEGER", nullable: true),
                    is_cut_off = table.Column<bool>(type: "INTEGER", nullable: false),
                    version = table.Column<long>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_disks", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "events",
                columns: table => new
                {
                    number = table.Column<long>(type: "INTEGER", nullable: false)
                        .Annotation("Sqlite:Autoincrement", true),
                    kind = table.Column<string>(type: "TEXT", maxLength: 8, nullable: false),
                    resource_id = table.Column<string>(type: "TEXT", maxLength: 32, nullable: false),
                    account_id = table.Column<string>(type: "TEXT", maxLength: 32, nullable: false),
                    wallet_id = table.Column<string>(type: "TEXT", maxLength: 32, nullable: false),
                    at = table.Column<long>(type: "INTEGER", nullable: false),
                    what = table.Column<string>(type: "TEXT", maxLength: 24, nullable: false),
                    status = table.Column<string>(type: "TEXT", maxLength: 16, nullable: false),
                    words = table.Column<string>(type: "TEXT", nullable: true),
                    rate = table.Column<long>(type: "INTEGER", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_events", x => x.number);
                });

            migrationBuilder.CreateTable(
                name: "host_gpus",
                columns: table => new
                {
                    host_id = table.Column<string>(type: "TEXT", maxLength: 64, nullable: false),
                    id = table.Column<string>(type: "TEXT", maxLength: 128, nullable: false),
                    gpu_type = table.Column<string>(type: "TEXT", maxLength: 32, nullable: false),
                    model = table.Column<string>(type: "TEXT", maxLength: 255, nullable: false),
                    memory_gib = table.Column<int>(type: "INTEGER", nullable: false),
                    pod_id = table.Column<string>(type: "TEXT", maxLength: 32, nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_host_gpus", x => new { x.host_id, x.id });
                });

            migrationBuilder.CreateTable(
                name: "hosts",
                columns: table => new
                {
                    id = table.Column<string>(type: "TEXT", maxLength: 64, nullable: false),
                    provider_account_id = table.Column<string>(type: "TEXT", maxLength: 32, nullable: false),
                    hostname = table.Column<string>(type: "TEXT", maxLength: 255, nullable: false),
                    boot_id = table.Column<string>(type: "TEXT", maxLength: 64, nullable: false),
                    vcpus = table.Column<int>(type: "INTEGER", nullable: false),
                    vcpus_used = table.Column<int>(type: "INTEGER", nullable: false),
                    memory_gib = table.Column<int>(type: "INTEGER", nullable: false),
                    memory_gib_used = table.Column<int>(type: "INTEGER", nullable: false),
                    next_slot = table.Column<int>(type: "INTEGER", nullable: false),
                    can_run_pods = table.Column<bool>(type: "INTEGER", nullable: false),
                    why_not = table.Column<string>(type: "TEXT", nullable: true),
                    reported_at = table.Column<long>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_hosts", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "installation",
                columns: table => new
                {
                    id = table.Column<string>(type: "TEXT", maxLength: 8, nullable: false),
                    created_at = table.Column<long>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_installation", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "pods",
                columns: table => new
                {
                    id = table.Column<string>(type: "TEXT", maxLength: 32, nullable: false),
                    name = table.Column<string>(type: "TEXT", maxLength: 255, nullable: false),
                    status = table.Column<string>(type: "TEXT", maxLength: 16, nullable: false),
                    reason = table.Column<string>(type: "TEXT", nullable: true),
                    account_id = table.Column<string>(type: "TEXT", maxLength: 32, nullable: false),
                    creator_id = table.Column<string>(type: "TEXT", maxLength: 32, nullable: false),
                    team_id = table.Column<string>(type: "TEXT", maxLength: 32, nullable: true),
                    wallet_id = table.Column<string>(type: "TEXT", maxLength: 32, nullable: false),
                    provider_account_id = table.Column<string>(type: "TEXT", maxLength: 32, nullable: false),
                    provider_type = table.Column<string>(type: "TEXT", nullable: false),
                    cloud_id = table.Column<string>(type: "TEXT", nullable: false),
                    data_center = table.Column<string>(type: "TEXT", nullable: true),
                    country = table.Column<string>(type: "TEXT", nullable: true),
                    region = table.Column<string>(type: "TEXT", nullable: true),
                    security = table.Column<string>(type: "TEXT", maxLength: 16, nullable: false),
                    remote_name = table.Column<string>(type: "TEXT", maxLength: 64, nullable: false),
                    remote_id = table.Column<string>(type: "TEXT", maxLength: 255, nullable: true),
                    host_id = table.Column<string>(type: "TEXT", maxLength: 64, nullable: true),
                    user_namespace_slot = table.Column<int>(type: "INTEGER", nullable: true),
                    gpu_type = table.Column<string>(type: "TEXT", nullable: false),
                    gpu_count = table.Column<int>(type: "INTEGER", nullable: false),
                    socket = table.Column<string>(type: "TEXT", nullable: false),
                    vcpus = table.Column<int>(type: "INTEGER", nullable: false),
                    memory_gib = table.Column<int>(type: "INTEGER", nullable: false),
                    boot_disk_gib = table.Column<int>(type: "INTEGER", nullable: false),
                    image = table.Column<string>(type: "TEXT", nullable: false),
                    image_reference = table.Column<string>(type: "TEXT", nullable: false),
                    custom_template_id = table.Column<string>(type: "TEXT", nullable: true),
                    auto_restart = table.Column<bool>(type: "INTEGER", nullable: false),
                    environment = table.Column<string>(type: "TEXT", nullable: false),
                    authorized_keys = table.Column<string>(type: "TEXT", nullable: false),
                    price_hr = table.Column<long>(type: "INTEGER", nullable: false),
                    ssh_user = table.Column<string>(type: "TEXT", nullable: true),
                    ssh_host = table.Column<string>(type: "TEXT", nullable: true),
                    ssh_port = table.Column<int>(type: "INTEGER", nullable: true),
                    exit_code = table.Column<int>(type: "INTEGER", nullable: true),
                    is_at_provider = table.Column<bool>(type: "INTEGER", nullable: false),
                    settles_at = table.Column<long>(type: "INTEGER", nullable: true),
                    absent_looks = table.Column<int>(type: "INTEGER", nullable: false),
                    is_instance_gone = table.Column<bool>(type: "INTEGER", nullable: false),
                    is_restarting = table.Column<bool>(type: "INTEGER", nullable: false),
                    restarts = table.Column<int>(type: "INTEGER", nullable: false),
                    holds_reservation = table.Column<bool>(type: "INTEGER", nullable: false),
                    created_at = table.Column<long>(type: "INTEGER", nullable: false),
                    updated_at = table.Column<long>(type: "INTEGER", nullable: false),
                    status_since = table.Column<long>(type: "INTEGER", nullable: false),
                    ready_since = table.Column<long>(type: "INTEGER", nullable: true),
                    terminated_at = table.Column<long>(type: "INTEGER", nullable: true),
                    unreadable_since = table.Column<long>(type: "INTEGER", nullable: true),
                    deadline = table.Column<long>(type: "INTEGER", nullable: true),
                    is_overdue_told = table.Column<bool>(type: "INTEGER", nullable: false),
                    due_at = table.Column<long>(type: "INTEGER", nullable: true),
                    attempt = table.Column<int>(type: "INTEGER", nullable: false),
                    claim_token = table.Column<string>(type: "TEXT", maxLength: 32, nullable: true),
                    claim_until = table.Column<long>(type: "INTEGER", nullable: true),
                    is_cut_off = table.Column<bool>(type: "INTEGER", nullable: false),
                    version = table.Column<long>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_pods", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "provider_accounts",
                columns: table => new
                {
                    id = table.Column<string>(type: "TEXT", maxLength: 32, nullable: false),
                    type = table.Column<string>(type: "TEXT", maxLength: 64, nullable: false),
                    name = table.Column<string>(type: "TEXT", maxLength: 255, nullable: false),
                    priority = table.Column<int>(type: "INTEGER", nullable: false),
                    unreadable_since = table.Column<long>(type: "INTEGER", nullable: true),
                    unreadable_reason = table.Column<string>(type: "TEXT", nullable: true),
                    created_at = table.Column<long>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_provider_accounts", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "ssh_keys",
                columns: table => new
                {
                    id = table.Column<string>(type: "TEXT", maxLength: 32, nullable: false),
                    user_id = table.Column<string>(type: "TEXT", maxLength: 32, nullable: false),
                    account_id = table.Column<string>(type: "TEXT", maxLength: 32, nullable: false),
                    name = table.Column<string>(type: "TEXT", maxLength: 255, nullable: false),
                    public_key = table.Column<string>(type: "TEXT", nullable: false),
                    is_primary = table.Column<bool>(type: "INTEGER", nullable: false),
                    created_at = table.Column<long>(type: "INTEGER", nullable: false),
                    updated_at = table.Column<long>(type: "INTEGER", nullable: false),
                    version = table.Column<long>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_ssh_keys", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "usage_spans",
                columns: table => new
                {
                    number = table.Column<long>(type: "INTEGER", nullable: false)
                        .Annotation("Sqlite:Autoincrement", true),
                    kind = table.Column<string>(type: "TEXT", maxLength: 8, nullable: false),
                    resource_id = table.Column<string>(type: "TEXT", maxLength: 32, nullable: false),
                    account_id = table.Column<string>(type: "TEXT", maxLength: 32, nullable: false),
                    wallet_id = table.Column<string>(type: "TEXT", maxLength: 32, nullable: false),
                    from = table.Column<long>(type: "INTEGER", nullable: false),
                    to = table.Column<long>(type: "INTEGER", nullable: true),
                    price_hr = table.Column<long>(type: "INTEGER", nullable: false),
                    cause = table.Column<string>(type: "TEXT", maxLength: 24, nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_usage_spans", x => x.number);
                });

            migrationBuilder.CreateTable(
                name: "users",
                columns: table => new
                {
                    id = table.Column<string>(type: "TEXT", maxLength: 32, nullable: false),
                    account_id = table.Column<string>(type: "TEXT", maxLength: 32, nullable: false),
                    name = table.Column<string>(type: "TEXT", maxLength: 255, nullable: false),
                    email = table.Column<string>(type: "TEXT", maxLength: 255, nullable: false),
                    role = table.Column<string>(type: "TEXT", maxLength: 16, nullable: false),
                    created_at = table.Column<long>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_users", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "wallets",
                columns: table => new
                {
                    id = table.Column<string>(type: "TEXT", maxLength: 32, nullable: false),
                    account_id = table.Column<string>(type: "TEXT", maxLength: 32, nullable: false),
                    created_at = table.Column<long>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_wallets", x => x.id);
                });

            migrationBuilder.CreateIndex(
                name: "IX_accounts_team_id",
                table: "accounts",
                column: "team_id",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_accounts_user_id",
                table: "accounts",
                column: "user_id",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_attachments_pod_id_ordinal",
                table: "attachments",
                columns: new[] { "pod_id", "ordinal" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_attachments_unreleased",
                table: "attachments",
                column: "disk_id",
                filter: "released_at IS NULL");

            migrationBuilder.CreateIndex(
                name: "ux_attachments_single_holder",
                table: "attachments",
                column: "disk_id",
                unique: true,
                filter: "released_at IS NULL AND is_exclusive");

            migrationBuilder.CreateIndex(
                name: "IX_disks_provider_account_id_remote_name",
                table: "disks",
                columns: new[] { "provider_account_id", "remote_name" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_disks_current",
                table: "disks",
                columns: new[] { "account_id", "created_at", "id" },
                descending: new[] { false, true, true },
                filter: "terminated_at IS NULL");

            migrationBuilder.CreateIndex(
                name: "ix_disks_due",
                table: "disks",
                column: "due_at",
                filter: "due_at IS NOT NULL");

            migrationBuilder.CreateIndex(
                name: "IX_events_resource_id_number",
                table: "events",
                columns: new[] { "resource_id", "number" });

            migrationBuilder.CreateIndex(
                name: "IX_host_gpus_pod_id",
                table: "host_gpus",
                column: "pod_id");

            migrationBuilder.CreateIndex(
                name: "IX_pods_provider_account_id_remote_name",
                table: "pods",
                columns: new[] { "provider_account_id", "remote_name" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_pods_current",
                table: "pods",
                columns: new[] { "account_id", "created_at", "id" },
                descending: new[] { false, true, true },
                filter: "terminated_at IS NULL");

            migrationBuilder.CreateIndex(
                name: "ix_pods_due",
                table: "pods",
                column: "due_at",
                filter: "due_at IS NOT NULL");

            migrationBuilder.CreateIndex(
                name: "ix_pods_past_by_end",
                table: "pods",
                columns: new[] { "account_id", "terminated_at", "id" },
                descending: new[] { false, true, true },
                filter: "terminated_at IS NOT NULL");

            migrationBuilder.CreateIndex(
                name: "ix_pods_past_by_start",
                table: "pods",
                columns: new[] { "account_id", "created_at", "id" },
                descending: new[] { false, true, true },
                filter: "terminated_at IS NOT NULL");

            migrationBuilder.CreateIndex(
                name: "ux_pods_slot",
                table: "pods",
                columns: new[] { "host_id", "user_namespace_slot" },
                unique: true,
                filter: "holds_reservation");

            migrationBuilder.CreateIndex(
                name: "IX_provider_accounts_type_name",
                table: "provider_accounts",
                columns: new[] { "type", "name" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_ssh_keys_user_id_created_at_id",
                table: "ssh_keys",
                columns: new[] { "user_id", "created_at", "id" });

            migrationBuilder.CreateIndex(
                name: "ux_ssh_keys_primary",
                table: "ssh_keys",
                column: "user_id",
                unique: true,
                filter: "is_primary");

            migrationBuilder.CreateIndex(
                name: "IX_usage_spans_resource_id_number",
                table: "usage_spans",
                columns: new[] { "resource_id", "number" });

            migrationBuilder.CreateIndex(
                name: "IX_usage_spans_wallet_id_from",
                table: "usage_spans",
                columns: new[] { "wallet_id", "from" });

            migrationBuilder.CreateIndex(
                name: "ux_usage_spans_open",
                table: "usage_spans",
                column: "resource_id",
                unique: true,
                filter: "\"to\" IS NULL");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "accounts");

            migrationBuilder.DropTable(
                name: "api_keys");

            migrationBuilder.DropTable(
                name: "attachments");

            migrationBuilder.DropTable(
                name: "capacity_pools");

            migrationBuilder.DropTable(
                name: "disks");

            migrationBuilder.DropTable(
                name: "events");

            migrationBuilder.DropTable(
                name: "host_gpus");

            migrationBuilder.DropTable(
                name: "hosts");

            migrationBuilder.DropTable(
                name: "installation");

            migrationBuilder.DropTable(
                name: "pods");

            migrationBuilder.DropTable(
                name: "provider_accounts");

            migrationBuilder.DropTable(
                name: "ssh_keys");

            migrationBuilder.DropTable(
                name: "usage_spans");

            migrationBuilder.DropTable(
                name: "users");

            migrationBuilder.DropTable(
                name: "wallets");
        }
    }
}
