using Mooring.Agent.Hosts;

namespace Mooring.Agent.Tests.Hosts;

public sealed class KeyedLockTests
{
    [Fact]
    public async Task One_holder_a_key_and_keys_do_not_wait_for_each_other()
    {
        var locks = new KeyedLock();
        var inside = new int[3];
        var most = new int[3];

        await Task.WhenAll(Enumerable.Range(0, 300).Select(i => Task.Run(async () =>
        {
            var key = i % 3;
            using (await locks.EnterAsync($"{key}", CancellationToken.None))
            {
                most[key] = Math.Max(most[key], Interlocked.Increment(ref inside[key]));
                await Task.Yield();
                Interlocked.Decrement(ref inside[key]);
            }
        })));
        most.ShouldBe([1, 1, 1]);

        using var held = await locks.EnterAsync("0", CancellationToken.None);
        using var other = await locks.EnterAsync("1", CancellationToken.None);
        locks.EnterAsync("0", CancellationToken.None).IsCompleted.ShouldBeFalse();
    }

    [Fact]
    public async Task Who_gives_up_waiting_leaves_the_way_free()
    {
        var locks = new KeyedLock();
        using var impatient = new CancellationTokenSource();
        var holder = await locks.EnterAsync("disk", CancellationToken.None);
        var waiting = locks.EnterAsync("disk", impatient.Token);
        await impatient.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(() => waiting);

        holder.Dispose();

        using var next = await locks.EnterAsync("disk", CancellationToken.None);
    }
}
