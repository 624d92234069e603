namespace Mooring.Providers.Hyperstack.Tests;

/// <summary>Pages are cut from what is there at that moment.</summary>
public class ListingTests
{
    [Fact]
    public async Task An_item_that_comes_twice_is_there_once()
    {
        var listing = Of(2, [[1, 2], [2, 3], [4]]);
        (await listing.ReadOnceAsync()).Select(item => item.Id).ShouldBe([1, 2, 3, 4]);
    }

    [Fact]
    public async Task An_item_that_is_skipped_in_one_pass_is_found_in_the_next()
    {
        // 1 goes after the first page was read: 3 moves to where nobody looks any more.
        var listing = Of(2, [[1, 2], [4, 5], []], [[2, 3], [4, 5], []], [[2, 3], [4, 5], []]);
        (await listing.ReadTwiceAsync()).Select(item => item.Id).ShouldBe([2, 3, 4, 5]);
    }

    [Fact]
    public async Task One_empty_page_proves_nothing()
    {
        var listing = Of(2, [[]], [[1, 2], [3]], [[1, 2], [3]]);
        (await listing.ReadTwiceAsync()).Select(item => item.Id).ShouldBe([1, 2, 3]);
    }

    [Fact]
    public async Task A_list_that_never_stands_still_is_not_told_at_all()
    {
        var listing = Of(2, [.. Enumerable.Range(1, 10).Select(pass => (long[][])[[pass]])]);
        await Should.ThrowAsync<UnreachableException>(() => listing.ReadTwiceAsync());
    }

    [Fact]
    public async Task A_page_is_full_that_has_as_many_as_the_cloud_gives()
    {
        var pages = new Queue<EnvironmentPage>(
        [
            new() { Status = true, PageSize = 2, Environments = [Item(1), Item(2)] },
            new() { Status = true, PageSize = 2, Environments = [Item(3)] },
        ]);
        var listing = new Listing<WireEnvironment>(
            _ => Task.FromResult<Page<WireEnvironment>>(pages.Dequeue()), item => item.Id, pageSize: 100);
        (await listing.ReadOnceAsync()).Select(item => item.Id).ShouldBe([1, 2, 3]);
    }

    [Fact]
    public async Task An_attachment_that_is_not_told_makes_a_list_none()
    {
        // It might be the one that binds: the disk would be taken for free.
        using var network = Canned.Answering(
            200,
            """
            {"status": true, "volumes": [{"id": 1, "name": "a", "status": "available", "attachments": [null]}],
             "instances": [{"id": 2, "name": "b", "status": "ACTIVE", "volume_attachments": [null]}]}
            """);
        using var client = network.Client(TimeProvider.System);
        var ct = TestContext.Current.CancellationToken;
        await Should.ThrowAsync<UnreachableException>(() => new Volumes(client, 100).ListAsync(ct));
        await Should.ThrowAsync<UnreachableException>(() => new Machines(client, 100).ListAsync(ct));
    }

    private static Listing<WireEnvironment> Of(int pageSize, params long[][][] passes)
    {
        var pages = new Queue<long[]>(passes.SelectMany(pass => pass));
        return new Listing<WireEnvironment>(
            _ => Task.FromResult<Page<WireEnvironment>>(
                new EnvironmentPage { Status = true, Environments = [.. pages.Dequeue().Select(Item)] }),
            item => item.Id,
            pageSize);
    }

    private static WireEnvironment Item(long id) => new(id, "x", "CANADA-1");
}
