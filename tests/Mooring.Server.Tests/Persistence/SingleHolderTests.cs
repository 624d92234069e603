using Microsoft.EntityFrameworkCore;
using Mooring.Server.Attachments;
using Mooring.Server.Disks;

namespace Mooring.Server.Tests.Persistence;

/// <summary>The database's own last word on who holds a disk, whatever the code thinks.</summary>
public abstract class SingleHolderTests(Backend backend) : StoreTest(backend)
{
    [Fact]
    public async Task A_single_holder_disk_has_no_second_holder()
    {
        var (disk, _) = await HeldAsync(isMultinode: false);

        await Should.ThrowAsync<DbUpdateException>(Store.AddAsync(Sample.Attachment(Store, disk, Sample.Pod(Store))));

        (await Store.ReadAsync(db => db.Attachments.CountAsync(Ct))).ShouldBe(1);
    }

    [Theory]
    [InlineData(AttachmentStatus.Attached)]
    [InlineData(AttachmentStatus.Releasing)]
    public async Task It_is_held_until_it_is_released(object status)
    {
        var (disk, held) = await HeldAsync(isMultinode: false);
        await ChangeAsync(held with { Status = (AttachmentStatus)status });

        await Should.ThrowAsync<DbUpdateException>(Store.AddAsync(Sample.Attachment(Store, disk, Sample.Pod(Store))));
    }

    [Fact]
    public async Task A_released_one_makes_room_for_the_next()
    {
        var (disk, held) = await HeldAsync(isMultinode: false);
        await ChangeAsync(held with { Status = AttachmentStatus.Released, ReleasedAt = Store.Time.Now() });

        await Store.AddAsync(Sample.Attachment(Store, disk, Sample.Pod(Store)));

        (await Store.ReadAsync(db => db.Attachments.CountAsync(Ct))).ShouldBe(2);
    }

    [Fact]
    public async Task A_shared_disk_has_as_many_holders_as_wish()
    {
        var (disk, _) = await HeldAsync(isMultinode: true);

        await Store.AddAsync(Sample.Attachment(Store, disk, Sample.Pod(Store)));

        (await Store.ReadAsync(db => db.Attachments.CountAsync(Ct))).ShouldBe(2);
    }

    private async Task<(Disk Disk, Attachment Held)> HeldAsync(bool isMultinode)
    {
        var disk = Sample.Disk(Store) with { IsMultinode = isMultinode };
        var held = Sample.Attachment(Store, disk, Sample.Pod(Store));
        await Store.AddAsync(disk, held);
        return (disk, held);
    }

    private Task ChangeAsync(Attachment attachment) => Store.Database.WriteAsync(
        (db, _) =>
        {
            db.Update(attachment);
            return Task.CompletedTask;
        },
        Ct);
}

public sealed class SqliteSingleHolderTests() : SingleHolderTests(Backend.Sqlite);

public sealed class PostgresSingleHolderTests() : SingleHolderTests(Backend.PostgreSql);
