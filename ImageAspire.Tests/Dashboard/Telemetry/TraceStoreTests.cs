using ImageAspire.Dashboard.Telemetry;
using static ImageAspire.Tests.Dashboard.Telemetry.Sample;

namespace ImageAspire.Tests.Dashboard.Telemetry;

public sealed class TraceStoreTests
{
    [Fact]
    public void Trace_WhoseSpansComeOutOfOrder_IsSummedUpRight()
    {
        var store = new TraceStore(new TelemetryLimits());
        store.Add([Span(1, 3, parent: 2, start: 300, length: 900, resource: "worker", status: SpanStatus.Error)]);
        store.Add([Span(1, 2, parent: 1, start: 200)]);
        store.Add([Span(1, 1, start: 100, name: "root")]);

        var summary = store.List(new TraceFilter(), 0, 10).Items.Single();

        summary.Root.Name.ShouldBe("root");
        (summary.Start, summary.Duration, summary.Errors).ShouldBe((100, 1_100, 1));
        summary.Spans.Select(part => (part.Resource.Name, part.Count)).ShouldBe([("api", 2), ("worker", 1)]);
        store.Find(new TraceId(1))!.Spans.Select(span => span.SpanId.Value).ShouldBe([1ul, 2, 3]);
    }

    [Fact]
    public void Trace_WhoseParentNeverArrives_HasItsEarliestSpanAsRoot()
    {
        var store = new TraceStore(new TelemetryLimits());
        store.Add([Span(1, 3, parent: 2, start: 300), Span(1, 4, parent: 2, start: 250, name: "earliest")]);

        store.List(new TraceFilter(), 0, 10).Items.Single().Root.Name.ShouldBe("earliest");
    }

    [Fact]
    public void Span_SentTwice_IsKeptOnce()
    {
        var store = new TraceStore(new TelemetryLimits());
        List<Span> spans = [.. Enumerable.Range(1, 100).Select(i => Span(1, (ulong)i))];

        store.Add(spans).ShouldBe(0);
        store.Add(spans).ShouldBe(0);

        store.Find(new TraceId(1))!.Spans.Count.ShouldBe(100);
        store.State.Dropped.ShouldBe(0);
    }

    [Fact]
    public void Traces_MoreThanTheLimit_TheOneUntouchedLongestGoes()
    {
        var store = new TraceStore(new TelemetryLimits { Traces = 3 });
        store.Add([Span(1, 1), Span(2, 1), Span(2, 2), Span(3, 1)]);
        store.Add([Span(1, 2)]);
        store.Add([Span(4, 1)]);

        store.Find(new TraceId(2)).ShouldBeNull();
        store.List(new TraceFilter(), 0, 10).Total.ShouldBe(3);
        (store.State.Items, store.State.Dropped).ShouldBe((3, 2));
    }

    [Fact]
    public void Traces_MoreThanTheBytes_TheOldestGo()
    {
        var store = new TraceStore(new TelemetryLimits { BytesPerStore = 100_000 });
        for (ulong i = 1; i <= 1_000; i++)
            store.Add([Span(i, 1, name: new string('x', 500))]);

        store.State.Bytes.ShouldBeInRange(90_000, 100_000);
        store.Find(new TraceId(1_000)).ShouldNotBeNull();
        store.Find(new TraceId(1)).ShouldBeNull();
        (store.State.Items + store.State.Dropped).ShouldBe(1_000);
    }

    [Fact]
    public void State_WhenEverythingHasGone_IsBackAtNothing()
    {
        var store = new TraceStore(new TelemetryLimits { Traces = 1 });
        store.Add([Span(1, 1, resource: "gone"), Span(1, 2)]);
        var one = store.State.Bytes;
        store.Add([Span(2, 1, resource: "here"), Span(2, 2)]);

        store.State.Bytes.ShouldBe(one);
        store.Resources.Select(resource => resource.Name).ShouldBe(["api", "here"], ignoreOrder: true);
    }

    [Fact]
    public void Trace_OfTwentyThousandSpans_IsWholeAndTakesNoMore()
    {
        var store = new TraceStore(new TelemetryLimits());
        store.Add([.. Enumerable.Range(1, 20_000).Select(i => Span(1, (ulong)i, parent: (ulong)i / 2, start: 30_000 - i))]).ShouldBe(0);

        store.Add([Span(1, 20_001)]).ShouldBe(1);

        var trace = store.Find(new TraceId(1))!;
        trace.Spans.Count.ShouldBe(20_000);
        trace.Spans.Select(span => span.Start).ShouldBeInOrder();
        store.State.Dropped.ShouldBe(1);
    }

    [Fact]
    public void Trace_ThatWouldTakeMoreThanHalfOfTheMemory_DrivesNobodyOut()
    {
        var store = new TraceStore(new TelemetryLimits { BytesPerStore = 100_000 });
        store.Add([Span(1, 1)]);

        store.Add([.. Enumerable.Range(1, 1_000).Select(i => Span(2, (ulong)i, name: new string('x', 500)))]).ShouldBeGreaterThan(900);

        store.Find(new TraceId(1)).ShouldNotBeNull();
    }

    [Theory]
    [InlineData("API", null, null, 0, "2 1")]
    [InlineData("worker-1", null, null, 0, "3")]
    [InlineData(null, true, null, 0, "2")]
    [InlineData(null, false, null, 0, "3 1")]
    [InlineData(null, null, "THUMB", 0, "3")]
    [InlineData(null, null, "img-17", 0, "1")]
    [InlineData(null, null, "image.id", 0, "1")]
    [InlineData(null, null, "00000002", 0, "2")]
    [InlineData(null, null, null, 50, "3")]
    [InlineData("nobody", null, null, 0, "")]
    public void List_WithAFilter_HasWhatIsMeantLatestFirst(string? resource, bool? hasError, string? text, long minDuration, string expected)
    {
        var store = new TraceStore(new TelemetryLimits());
        store.Add([Span(1, 1, start: 1_000, attributes: new TelemetryAttribute("image.id", "IMG-17"))]);
        store.Add([Span(2, 1, start: 2_000, status: SpanStatus.Error)]);
        store.Add([Span(3, 1, start: 3_000, length: 50, name: "thumbnail", resource: "worker-1")]);

        var (items, total) = store.List(new TraceFilter(resource, hasError, text, minDuration), 0, 10);

        string.Join(' ', items.Select(item => item.Id.Value)).ShouldBe(expected);
        total.ShouldBe(items.Count);
    }

    [Fact]
    public void List_OfAPage_SkipsAndCountsAll()
    {
        var store = new TraceStore(new TelemetryLimits());
        store.Add([.. Enumerable.Range(1, 100).Select(i => Span((ulong)i, 1, start: i))]);

        var (items, total) = store.List(new TraceFilter(), 10, 5);

        items.Select(item => item.Start).ShouldBe([90, 89, 88, 87, 86]);
        total.ShouldBe(100);
    }

    [Fact]
    public async Task Reading_WhileSpansArrive_SeesEachTraceWhole()
    {
        var store = new TraceStore(new TelemetryLimits { Traces = 50 });
        var writing = Task.Run(() =>
        {
            for (ulong i = 1; i <= 3_000; i++)
                store.Add([.. Enumerable.Range(1, 12).Select(span => Span(i, (ulong)span, parent: (ulong)span - 1, start: span))]);
        });
        do
        {
            foreach (var summary in store.List(new TraceFilter(Text: "step"), 0, 100).Items)
            {
                summary.Spans.Sum(part => part.Count).ShouldBe(12);
                store.Find(summary.Id)?.Spans.Count.ShouldBe(12);
            }
        }
        while (!writing.IsCompleted);

        await writing;
        store.State.Dropped.ShouldBe((3_000 - 50) * 12);
    }
}
