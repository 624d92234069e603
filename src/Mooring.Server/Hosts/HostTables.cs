using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Mooring.Server.Hosts;

internal sealed class HostTable : IEntityTypeConfiguration<Host>
{
    public void Configure(EntityTypeBuilder<Host> builder)
    {
        builder.ToTable("hosts");
        builder.HasKey(host => host.Id);
        builder.Property(host => host.Hostname).HasMaxLength(255);
        builder.Property(host => host.BootId).HasMaxLength(64);
    }
}

internal sealed class HostGpuTable : IEntityTypeConfiguration<HostGpu>
{
    public void Configure(EntityTypeBuilder<HostGpu> builder)
    {
        builder.ToTable("host_gpus");
        builder.HasKey(gpu => new { gpu.HostId, gpu.Id });
        builder.Property(gpu => gpu.Id).HasMaxLength(128);
        builder.Property(gpu => gpu.GpuType).HasMaxLength(32);
        builder.Property(gpu => gpu.Model).HasMaxLength(255);
        builder.HasIndex(gpu => gpu.PodId);
    }
}
