using System.Diagnostics.Metrics;
using System.Text.Json;
using System.Text.RegularExpressions;
using ImageAspire.Core.Diagnostics;
using ImageAspire.Core.Errors;
using ImageAspire.ServiceDefaults.Health;
using ImageAspire.Tests.Requirements;

namespace ImageAspire.Tests.Deployment;

/// <summary>The dashboard and the alert rules of Azure Monitor ask for what the services really send.</summary>
public sealed partial class MonitorTests
{
    private static readonly string Folder = Path.Combine(Repository.Root, "deploy", "monitor");

    [Theory]
    [InlineData("workbook.json")]
    [InlineData("monitor.bicep")]
    public void Queries_Names_AreOfMetricsAndAttributesThatExist(string file)
    {
        HashSet<string> known = [Telemetry.SubscriptionDepth, Telemetry.ScrubDamaged, Spans.ImageId, Spans.FaultCause, Spans.FaultDependency];
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, _) => known.Add(instrument.Name);
        _ = Telemetry.StageFaults; // the meter exists
        listener.Start();

        var names = Names().Matches(File.ReadAllText(Path.Combine(Folder, file))).Select(match => match.Value).Distinct().ToList();

        names.Count.ShouldBeGreaterThan(3);
        names.Where(name => !known.Contains(name)).ShouldBeEmpty();
    }

    [Fact]
    public void Workbook_IsJsonAndAsksForTheCategoryOfHealth()
    {
        var text = File.ReadAllText(Path.Combine(Folder, "workbook.json"));

        using var workbook = JsonDocument.Parse(text);

        workbook.RootElement.GetProperty("version").GetString().ShouldBe("Notebook/1.0");
        text.ShouldContain(HealthReader.Category);
    }

    [Fact]
    public void Causes_Documented_AreAllOfThem()
    {
        var errors = File.ReadAllText(Path.Combine(Repository.Root, "docs", "errors.md"));

        FaultCauses.All.Where(cause => !errors.Contains($"| `{cause}` |", StringComparison.Ordinal)).ShouldBeEmpty();
    }

    [GeneratedRegex(@"imageaspire\.[a-z_]+(\.[a-z_]+)+|imageaspire\.dead_letters")]
    private static partial Regex Names();
}
