using ImageAspire.Dashboard.Telemetry;
using static ImageAspire.Tests.Dashboard.Telemetry.Sample;

namespace ImageAspire.Tests.Dashboard.Telemetry;

public sealed class WatchTests
{
    [Fact]
    public async Task Watch_WhileRecordsArrive_HasEachOnceAndInOrder()
    {
        const int Before = 2_000, Meanwhile = 900;
        var store = new LogStore(new TelemetryLimits());
        store.Add([.. Enumerable.Range(1, Before).Select(i => Log($"{i}", resource: $"r{i % 3}"))]);
        var isReading = new TaskCompletionSource();
        var adding = Task.Run(async () =>
        {
            await isReading.Task;
            for (var i = 1; i <= Meanwhile; i++)
                store.Add([Log($"{Before + i}", resource: $"r{i % 4}")]);
        });
        using var end = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        var seen = new List<long>();
        var watch = store.WatchAsync(new LogFilter(), end.Token);
        await foreach (var record in watch)
        {
            isReading.TrySetResult();
            seen.Add(record.Sequence);
            if (seen.Count == Before + Meanwhile)
                break;
        }

        await adding;
        seen.ShouldBe(Enumerable.Range(1, Before + Meanwhile).Select(i => (long)i));
        watch.Lost.ShouldBe(0);
    }

    [Fact]
    public async Task Watch_OfSpansWhileTheyArrive_HasEachOnce()
    {
        const int Before = 500, Meanwhile = 900;
        var store = new TraceStore(new TelemetryLimits());
        // The traces of before go on growing meanwhile.
        store.Add([.. Enumerable.Range(1, Before).Select(i => Span((ulong)i % 7, (ulong)i))]);
        var isReading = new TaskCompletionSource();
        var adding = Task.Run(async () =>
        {
            await isReading.Task;
            for (var i = Before + 1; i <= Before + Meanwhile; i++)
                store.Add([Span((ulong)i % 9, (ulong)i)]);
        });
        using var end = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        var seen = new List<ulong>();
        await foreach (var span in store.WatchAsync(new TraceFilter(), end.Token))
        {
            isReading.TrySetResult();
            seen.Add(span.SpanId.Value);
            if (seen.Count == Before + Meanwhile)
                break;
        }

        await adding;
        seen.Order().ShouldBe(Enumerable.Range(1, Before + Meanwhile).Select(i => (ulong)i));
    }

    [Fact]
    public async Task Watch_ThatIsTooSlow_LosesTheOldestAndIsTold()
    {
        var store = new LogStore(new TelemetryLimits());
        store.Add([Log("first")]);
        using var end = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        var watch = store.WatchAsync(new LogFilter(), end.Token);
        await using var reader = watch.GetAsyncEnumerator(end.Token);
        (await reader.MoveNextAsync()).ShouldBeTrue();

        store.Add([.. Enumerable.Range(2, 1_500).Select(i => Log($"{i}"))]);

        (await reader.MoveNextAsync()).ShouldBeTrue();
        reader.Current.Sequence.ShouldBe(502);
        watch.Lost.ShouldBe(500);
    }

    [Fact]
    public async Task Watch_WhoseHistoryGoesBeforeItIsRead_IsTold()
    {
        var store = new LogStore(new TelemetryLimits { LogsPerResource = 1_000 });
        store.Add([.. Enumerable.Range(1, 1_000).Select(i => Log($"{i}"))]);
        using var end = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        var watch = store.WatchAsync(new LogFilter(), end.Token);
        await using var reader = watch.GetAsyncEnumerator(end.Token);
        (await reader.MoveNextAsync()).ShouldBeTrue();

        // All of the first thousand go; 256 of them are in the reader's hands already.
        store.Add([.. Enumerable.Range(1_001, 1_000).Select(i => Log($"{i}"))]);
        var seen = 1;
        while (reader.Current.Sequence < 2_000 && await reader.MoveNextAsync())
            seen++;

        seen.ShouldBe(256 + 1_000);
        watch.Lost.ShouldBe(744);
    }

    [Fact]
    public async Task Watch_WithANarrowFilter_IsNotDrivenOutByOthers()
    {
        var store = new LogStore(new TelemetryLimits());
        using var end = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        var watch = store.WatchAsync(new LogFilter("rare"), end.Token);
        await using var reader = watch.GetAsyncEnumerator(end.Token);
        var next = reader.MoveNextAsync();

        store.Add([Log("this", resource: "rare"), .. Enumerable.Range(1, 5_000).Select(i => Log($"{i}"))]);

        (await next).ShouldBeTrue();
        reader.Current.Body.ShouldBe("this");
        watch.Lost.ShouldBe(0);
    }

    [Fact]
    public async Task Watch_Cancelled_Ends()
    {
        var store = new TraceStore(new TelemetryLimits());
        using var end = new CancellationTokenSource();
        await using var reader = store.WatchAsync(new TraceFilter(), end.Token).GetAsyncEnumerator();
        var next = reader.MoveNextAsync();

        await end.CancelAsync();

        await Should.ThrowAsync<OperationCanceledException>(async () => await next);
    }
}
