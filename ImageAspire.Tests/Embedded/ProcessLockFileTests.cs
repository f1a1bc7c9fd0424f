using ImageAspire.Embedded.Events;
using Microsoft.Extensions.Logging.Abstractions;

namespace ImageAspire.Tests.Embedded;

public sealed class ProcessLockFileTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Abandoned_OwnerLives_IsNotListed()
    {
        using var one = Take();
        using var other = Take();

        one.Gone().ShouldBeEmpty();
        other.Gone().ShouldBeEmpty();
    }

    [Fact]
    public void Abandoned_OwnerDied_IsListedOnce()
    {
        using var one = Take();
        using var third = Take();
        var dead = Take();
        dead.Dispose(); // as the system does it when a process is killed: the file stays, its lock does not

        var found = one.Gone().ToList().ShouldHaveSingleItem();
        found.Id.ShouldBe(dead.Id);
        third.Gone().ShouldBeEmpty(); // only one of those who look gets it
        found.Remove();

        one.Gone().ShouldBeEmpty();
        Directory.GetFiles(_folder.Root).Length.ShouldBe(2);
    }

    [Fact]
    public void Abandoned_ReclaimerFailed_IsListedAgain()
    {
        using var one = Take();
        Take().Dispose();

        one.Gone().Single().Dispose(); // not removed

        one.Gone().ToList().ShouldHaveSingleItem().Remove();
    }

    [Fact]
    public void Remove_Own_LeavesNothing()
    {
        Take().Remove();

        Directory.GetFiles(_folder.Root).ShouldBeEmpty();
    }

    [Fact]
    public void TryTake_FolderThatCannotBeMade_IsNone()
    {
        var file = Path.Combine(_folder.Root, "file");
        File.WriteAllText(file, "");

        HolderMark.TryTake(Path.Combine(file, "holders"), NullLogger.Instance).ShouldBeNull();
    }

    private HolderMark Take() => HolderMark.TryTake(_folder.Root, NullLogger.Instance)!;
}
