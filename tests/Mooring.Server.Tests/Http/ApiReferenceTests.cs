namespace Mooring.Server.Tests.Http;

public sealed class ApiReferenceTests(SharedMooring shared) : IClassFixture<SharedMooring>
{
    [Fact]
    public async Task Dump()
    {
        var reply = await shared.Mooring.SendAsync("GET", "/openapi/v1.json", key: "");
        await File.WriteAllTextAsync("/tmp/contract-openapi.json", reply.Text, TestContext.Current.CancellationToken);
        var page = await shared.Mooring.SendAsync("GET", "/docs/api/", key: "");
        await File.WriteAllTextAsync("/tmp/contract-page.html", page.Status + " " + page.Headers.Location + page.Text, TestContext.Current.CancellationToken);
        reply.ShouldBe(200);
    }
}
