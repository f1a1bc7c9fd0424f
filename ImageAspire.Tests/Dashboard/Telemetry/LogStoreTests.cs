using ImageAspire.Dashboard.Telemetry;
using static ImageAspire.Tests.Dashboard.Telemetry.Sample;

namespace ImageAspire.Tests.Dashboard.Telemetry;

public sealed class LogStoreTests
{
    [Fact]
    public void Logs_OfAResourceInAFlood_DoNotDriveOthersOut()
    {
        var store = new LogStore(new TelemetryLimits { LogsPerResource = 100 });
        store.Add([Log("kept", resource: "quiet")]);
        for (var i = 0; i < 1_000; i++)
            store.Add([Log($"{i}", resource: "loud", time: i)]);

        store.List(new LogFilter("quiet"), 0, 10).Items.Single().Body.ShouldBe("kept");
        var (items, total) = store.List(new LogFilter("loud"), 0, 1_000);
        total.ShouldBe(100);
        (items[0].Body, items[^1].Body).ShouldBe(("999", "900"));
        (store.State.Items, store.State.Dropped).ShouldBe((101, 900));
    }

    [Fact]
    public void Logs_MoreThanTheBytes_TheOldestGoWhoseverTheyAre()
    {
        var store = new LogStore(new TelemetryLimits { BytesPerStore = 100_000 });
        store.Add([Log("first", resource: "early")]);
        for (var i = 0; i < 200; i++)
            store.Add([Log(new string('x', 500), resource: $"r{i % 2}")]);

        store.State.Bytes.ShouldBeInRange(90_000, 100_000);
        store.Resources.Select(one => one.Name).ShouldBe(["r0", "r1"], ignoreOrder: true);
        (store.State.Items + store.State.Dropped).ShouldBe(201);
    }

    [Fact]
    public void Logs_OfOneEach_KeepTheLast()
    {
        var store = new LogStore(new TelemetryLimits { LogsPerResource = 1 });
        store.Add([Log("a"), Log("b"), Log("c")]);

        store.List(new LogFilter(), 0, 10).Items.Single().Body.ShouldBe("c");
        store.Find(3)!.Body.ShouldBe("c");
        store.Find(2).ShouldBeNull();
    }

    [Fact]
    public void Find_ByNumber_IsTheRecordUntilItGoes()
    {
        var store = new LogStore(new TelemetryLimits { LogsPerResource = 10 });
        store.Add([.. Enumerable.Range(1, 25).Select(i => Log($"{i}", resource: i % 2 == 0 ? "even" : "odd"))]);

        store.Find(25)!.Body.ShouldBe("25");
        store.Find(6)!.Body.ShouldBe("6");
        store.Find(5).ShouldBeNull();
        store.Find(0).ShouldBeNull();
        store.Find(26).ShouldBeNull();
    }

    [Fact]
    public void List_IsInOrderOfTime_TheLatestFirst()
    {
        var store = new LogStore(new TelemetryLimits());
        store.Add([Log("b", time: 2, resource: "x"), Log("c", time: 3, resource: "y"), Log("a", time: 1, resource: "y"), Log("d", time: 3, resource: "x")]);

        store.List(new LogFilter(), 1, 2).Items.Select(one => one.Body).ShouldBe(["c", "b"]);
    }

    [Fact]
    public void List_WithText_LooksIntoMessageCategoryAndValues()
    {
        var store = new LogStore(new TelemetryLimits());
        store.Add(
        [
            Log("Upload DONE"), Log("other"),
            new LogRecord { Resource = Resource("api"), Scope = new TelemetryScope("Kestrel.Done", ""), Body = "x" },
            new LogRecord { Resource = Resource("api"), Scope = Scope, Body = "y", Attributes = [new TelemetryAttribute("k", "not done yet")] },
            Log("done", severity: LogSeverity.Debug),
        ]);

        store.List(new LogFilter(Text: "done", Severity: LogSeverity.Trace), 0, 10).Total.ShouldBe(4);
        store.List(new LogFilter(Text: "done", Severity: LogSeverity.Information), 0, 10).Total.ShouldBe(1);
    }
}
