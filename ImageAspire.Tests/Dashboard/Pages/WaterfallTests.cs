using ImageAspire.Dashboard.Components.Traces;
using ImageAspire.Dashboard.Telemetry;
using static ImageAspire.Tests.Dashboard.Pages.SampleTelemetry;

namespace ImageAspire.Tests.Dashboard.Pages;

/// <summary>Spans as a tree over time, whatever was sent.</summary>
public sealed class WaterfallTests
{
    private static readonly TraceId Id = new(1);
    private static readonly TelemetryResource Api = Resource("api");

    [Fact]
    public void Waterfall_SpansInAnyOrder_ParentsComeBeforeTheirChildrenInOrderOfStart()
    {
        var waterfall = Waterfall.Of([Step(4, 2, 30, 5), Step(3, 1, 50, 10), Step(1, 0, 0, 100), Step(2, 1, 10, 30), Step(5, 2, 12, 5)]);

        Ids(waterfall).ToArray().ShouldBe([1ul, 2, 5, 4, 3]);
        waterfall.Rows.Select(row => row.Depth).ShouldBe([0, 1, 2, 2, 1]);
        waterfall.Rows.Select(row => row.Descendants).ShouldBe([4, 2, 0, 0, 0]);
        waterfall.Rows.Select(row => row.Parent).ShouldBe([-1, 0, 1, 1, 0]);
        waterfall.Depth.ShouldBe(3);
        waterfall.Length.ShouldBe(100);
        waterfall.Rows[4].Left.ShouldBe(0.5);
        waterfall.Rows[4].Width.ShouldBe(0.1, 1e-9);
    }

    [Fact]
    public void Waterfall_ParentThatNeverArrived_IsShownOutermostAndSaid()
    {
        var waterfall = Waterfall.Of([Step(1, 0, 0, 100), Step(2, 77, 20, 10), Step(3, 2, 25, 2)]);

        Ids(waterfall).ToArray().ShouldBe([1ul, 2, 3]);
        waterfall.Rows.Select(row => row.ParentIsMissing).ShouldBe([false, true, false]);
        waterfall.Rows[1].Depth.ShouldBe(0);
    }

    [Fact]
    public void Waterfall_SpansThatAreTheirOwnAncestors_AreAllShownOnce()
    {
        // 2 → 3 → 4 → 2 is a circle; 5 is its own parent.
        var waterfall = Waterfall.Of([Step(1, 0, 0, 100), Step(2, 4, 10, 1), Step(3, 2, 20, 1), Step(4, 3, 30, 1), Step(5, 5, 40, 1)]);

        Ids(waterfall).Order().ToArray().ShouldBe([1ul, 2, 3, 4, 5]);
        waterfall.Rows.Single(row => row.Span.SpanId == new SpanId(2)).ShouldSatisfyAllConditions(row => row.Depth.ShouldBe(0), row => row.ParentIsMissing.ShouldBeTrue(), row => row.Descendants.ShouldBe(2));
    }

    [Fact]
    public void Waterfall_IdThatIsThereTwice_BothAreShownAndChildrenOnce()
    {
        var waterfall = Waterfall.Of([Step(1, 0, 0, 100), Step(2, 1, 10, 5), Step(2, 1, 11, 5), Step(3, 2, 12, 1)]);

        Ids(waterfall).ToArray().ShouldBe([1ul, 2, 3, 2]);
    }

    [Fact]
    public void Waterfall_ChildBeforeItsParent_SaysByHowMuchAndHasRoom()
    {
        var waterfall = Waterfall.Of([Step(1, 0, 1000, 100), Step(2, 1, 990, 20)]);

        waterfall.Rows[1].Early.ShouldBe(10);
        waterfall.Start.ShouldBe(990);
        waterfall.Rows[1].Left.ShouldBe(0);
    }

    [Fact]
    public void Waterfall_ClockThatIsHoursOff_IsDrawnAtTheEdgeAndLeavesTheOthersTheirRoom()
    {
        var waterfall = Waterfall.Of([Step(1, 0, 3_600_000, 100), Step(2, 1, 5, 20)]);

        (waterfall.Start, waterfall.Length).ShouldBe((3_600_000, 100));
        waterfall.Rows[1].Early.ShouldBe(3_599_995);
        (waterfall.Rows[1].Left, waterfall.Rows[1].Width).ShouldBe((0, 0));
        waterfall.Rows[0].Width.ShouldBe(1);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Waterfall_TenThousandSpans_WideOrDeep_AreAllThere(bool deep)
    {
        var spans = Enumerable.Range(1, 10_000).Select(id => Step((ulong)id, deep ? (ulong)id - 1 : id == 1 ? 0u : 1u, id, 1)).ToList();

        var waterfall = Waterfall.Of(spans);

        waterfall.Rows.Count.ShouldBe(10_000);
        waterfall.Rows[0].Descendants.ShouldBe(9_999);
        waterfall.Depth.ShouldBe(deep ? 10_000 : 2);
    }

    [Fact]
    public void Waterfall_NoTimeAtAll_HasBarsWithinTheAxis()
    {
        var waterfall = Waterfall.Of([Step(1, 0, 0, 0), Step(2, 1, 0, 0)]);

        waterfall.Length.ShouldBe(1);
        waterfall.Rows.ShouldAllBe(row => row.Left == 0 && row.Width == 0);
        Waterfall.Of([]).Rows.ShouldBeEmpty();
    }

    [Fact]
    public void Window_FoldedSpan_HidesWhatIsBelowIt()
    {
        var waterfall = Waterfall.Of([Step(1, 0, 0, 100), Step(2, 1, 10, 30), Step(3, 2, 12, 5), Step(4, 1, 50, 5)]);

        var window = WaterfallWindow.Of(waterfall, new HashSet<SpanId> { new(2) }, default, 0);

        window.Rows.Select(row => row.Span.SpanId.Value).ShouldBe([1ul, 2, 4]);
        // A span that must be seen opens those above it.
        WaterfallWindow.Of(waterfall, new HashSet<SpanId> { new(1), new(2) }, new SpanId(3), 0).Total.ShouldBe(4);
    }

    [Fact]
    public void Window_ManySpans_ShowsThePageOfTheSelectedOne()
    {
        var waterfall = Waterfall.Of([.. Enumerable.Range(1, 1_700).Select(id => Step((ulong)id, id == 1 ? 0u : 1u, id, 1))]);

        var window = WaterfallWindow.Of(waterfall, new HashSet<SpanId>(), new SpanId(1_234), 0);

        (window.Page, window.Total, window.Rows.Count).ShouldBe((3, 1_700, WaterfallWindow.Size));
        window.Rows.ShouldContain(row => row.Span.SpanId == new SpanId(1_234));
        WaterfallWindow.Of(waterfall, new HashSet<SpanId>(), default, 99).ShouldSatisfyAllConditions(last => last.Page.ShouldBe(4), last => last.Rows.Count.ShouldBe(200));
    }

    private static Span Step(ulong id, ulong parent, long start, long duration) => SampleTelemetry.Span(Id, id, parent, Api, $"span {id}", start, duration);

    private static IEnumerable<ulong> Ids(Waterfall waterfall) => waterfall.Rows.Select(row => row.Span.SpanId.Value);
}
