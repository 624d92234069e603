using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Design;
using Mooring.Server.Persistence;

namespace Mooring.Server.Postgres;

/// <summary>What <c>dotnet ef migrations add</c> makes the model with; it opens no database.</summary>
internal sealed class DesignTime : IDesignTimeDbContextFactory<MooringDb>
{
    public MooringDb CreateDbContext(string[] args)
    {
        var builder = new DbContextOptionsBuilder<MooringDb>();
        builder.UseRecords(new RecordsOptions.PostgreSql("Host=localhost"));
        return new MooringDb(builder.Options);
    }
}
