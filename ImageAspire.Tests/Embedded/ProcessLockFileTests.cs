using ImageAspire.Embedded.Topic;
using Microsoft.Extensions.Logging.Abstractions;

namespace ImageAspire.Tests.Embedded;

public sealed class ProcessLockFileTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void FindAbandoned_ProcessLives_IsNotFound()
    {
        using var one = Create();
        using var other = Create();

        one.FindAbandoned().ShouldBeEmpty();
        other.FindAbandoned().ShouldBeEmpty();
    }

    [Fact]
    public void FindAbandoned_ProcessDied_IsFoundOnce()
    {
        using var one = Create();
        using var third = Create();
        var dead = Create();
        dead.Dispose(); // as when a process is killed: the file stays, its lock does not

        var found = one.FindAbandoned().ToList().ShouldHaveSingleItem();
        found.Id.ShouldBe(dead.Id);
        third.FindAbandoned().ShouldBeEmpty(); // only one process gets it
        found.Remove();

        one.FindAbandoned().ShouldBeEmpty();
        Directory.GetFiles(_folder.Root).Length.ShouldBe(2);
    }

    [Fact]
    public void FindAbandoned_NotRemoved_IsFoundAgain()
    {
        using var one = Create();
        Create().Dispose();

        one.FindAbandoned().Single().Dispose(); // not removed

        one.FindAbandoned().ToList().ShouldHaveSingleItem().Remove();
    }

    [Fact]
    public void Remove_Own_LeavesNothing()
    {
        Create().Remove();

        Directory.GetFiles(_folder.Root).ShouldBeEmpty();
    }

    [Fact]
    public void TryCreate_FolderCannotBeCreated_IsNull()
    {
        var file = Path.Combine(_folder.Root, "file");
        File.WriteAllText(file, "");

        ProcessLockFile.TryCreate(Path.Combine(file, "holders"), NullLogger.Instance).ShouldBeNull();
    }

    private ProcessLockFile Create() => ProcessLockFile.TryCreate(_folder.Root, NullLogger.Instance)!;
}
