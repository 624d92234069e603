using Npgsql;

namespace Mooring.Server.Tests.Persistence;

public sealed class ConnectionStringTests
{
    [Fact]
    public void PostgreSQL_statements_are_prepared_and_connections_not_reset_where_the_operator_says_nothing()
    {
        var given = new NpgsqlConnectionStringBuilder(
            Records.ConnectionString(new RecordsOptions.PostgreSql("Host=db;Database=mooring")));

        Assert.True(given.NoResetOnClose);
        Assert.Equal(64, given.MaxAutoPrepare);
        Assert.Equal("db", given.Host);
    }

    [Fact]
    public void What_the_operator_says_of_PostgreSQL_connections_holds()
    {
        var given = new NpgsqlConnectionStringBuilder(Records.ConnectionString(
            new RecordsOptions.PostgreSql("Host=db;Max Auto Prepare=0;No Reset On Close=false")));

        Assert.False(given.NoResetOnClose);
        Assert.Equal(0, given.MaxAutoPrepare);
    }
}
