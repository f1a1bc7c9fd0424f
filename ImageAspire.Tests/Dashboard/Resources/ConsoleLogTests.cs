using ImageAspire.Dashboard.Resources;

namespace ImageAspire.Tests.Dashboard.Resources;

public sealed class ConsoleLogTests
{
    private readonly ConsoleLog _log = new(TimeProvider.System);

    [Fact]
    public void Append_MoreThanAreKept_TheOldestGo()
    {
        for (var i = 1; i <= ConsoleLog.LinesPerResource + 5; i++)
            _log.Append("api", $"{i}");

        var lines = _log.Read("api", 0, int.MaxValue);
        lines.Count.ShouldBe(ConsoleLog.LinesPerResource);
        (lines[0].Text, lines[0].Number).ShouldBe(("6", 6));
        _log.Read("api", lines[^1].Number - 2, 10).Select(line => line.Number).ShouldBe([10_004, 10_005]);
        _log.Read("api", lines[^1].Number, 10).ShouldBeEmpty();
        _log.Read("api", 0, 1).Single().Number.ShouldBe(10_005);
    }

    [Fact]
    public void Read_AfterALineOfAnEarlierRun_HasAllLines()
    {
        _log.Append("api", "the first after a restart");

        _log.Read("api", 5_000, 10).Single().Text.ShouldBe("the first after a restart");
    }

    [Fact]
    public void Append_LongLines_AreCutAndKeptWithinTheirRoom()
    {
        var line = new string('x', 1 << 20);
        for (var i = 0; i < 1000; i++)
            _log.Append("api", line);

        var lines = _log.Read("api", 0, int.MaxValue);
        lines[0].Text.ShouldEndWith($" … ({(1 << 20) - ConsoleLog.LineLength} more characters)");
        lines.Sum(one => (long)one.Text.Length).ShouldBeLessThanOrEqualTo(ConsoleLog.CharactersPerResource);
        lines.Count.ShouldBeGreaterThan(200);
    }

    [Fact]
    public void Board_SetToWhatItIs_DoesNotChange()
    {
        var board = new ResourceBoard();
        var first = new Resource("api", "Project");
        board.Update(first, now => now);
        var version = board.Version;

        board.Update(first, now => now with { Restarts = 0 });
        board.Version.ShouldBe(version);
        board.Update(first, now => now with { Restarts = 1 });
        board.Version.ShouldBe(version + 1);
        board.Find("api")!.Restarts.ShouldBe(1);
    }

    [Fact]
    public async Task Board_ChangedByMany_LosesNothing()
    {
        var board = new ResourceBoard();
        var first = new Resource("api", "Project");
        await Parallel.ForAsync(0, 1000, (_, _) =>
        {
            board.Update(first, now => now with { Restarts = now.Restarts + 1 });
            return ValueTask.CompletedTask;
        });
        board.Find("api")!.Restarts.ShouldBe(1000);
        board.Version.ShouldBe(1000);
    }
}
