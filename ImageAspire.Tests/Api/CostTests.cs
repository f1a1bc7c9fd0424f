using ImageAspire.Api.Reports;
using ImageAspire.Core.Ports;
using ImageAspire.Tests.Http;

namespace ImageAspire.Tests.Api;

public sealed class CostTests
{
    private static readonly DateOnly Today = DateOnly.FromDateTime(Samples.Noon.UtcDateTime);

    [Fact]
    public async Task Cost_NoImagesYet_IsAnEstimateFromAssumptionsThatSaysSo()
    {
        await using var host = new ApiHost();
        var cost = await host.Client.GetAsync<CostDto>("/api/reports/cost");
        cost.Estimate.ShouldBeTrue();
        cost.Images.ShouldBe(1000);
        cost.ImagesMeasured.ShouldBe(0);
        cost.OldestPrice.ShouldBe(new DateOnly(2024, 7, 1));
        var lines = cost.Lines.ToList();
        lines.ShouldAllBe(line => line.Basis != "measured");
        lines.ShouldContain(line => line.Amount == null);
        cost.Total.ShouldBeNull();
        lines.ShouldAllBe(line => (line.Price == null) == (line.Date == null));
        await host.Client.GetAsync("/api/reports/cost?from=tomorrow").ShouldBeProblemAsync(400, "invalid-parameter");
        await host.Client.GetAsync("/api/reports/cost?from=2026-03-02&to=2026-03-01").ShouldBeProblemAsync(400, "invalid-parameter");
    }

    [Fact]
    public async Task Cost_APriceOfTheConfiguration_ReplacesTheDefaultWithItsDateAndSource()
    {
        await using var host = new ApiHost(("Prices:Items:vision-caption-text:Amount", "1.5"), ("Prices:Items:vision-caption-text:Date", "2026-03-01"),
            ("Prices:Items:vision-caption-text:Source", "<b>our contract</b>"), ("Prices:Items:blob-writes:Amount", "0"), ("Prices:Items:blob-writes:Date", "2026-03-02"));
        var lines = (await host.Client.GetAsync<CostDto>("/api/reports/cost")).Lines.ToDictionary(line => line.Name);
        lines["vision-caption-text"].ShouldSatisfyAllConditions(
            line => line.Quantity.ShouldBe(2000), line => line.Amount.ShouldBe(3m),
            line => line.Date.ShouldBe(new DateOnly(2026, 3, 1)), line => line.Source.ShouldBe("<b>our contract</b>"));
        lines["blob-writes"].ShouldSatisfyAllConditions(
            line => line.Amount.ShouldBe(0m), line => line.Source.ShouldBe("configuration"));
    }

    [Fact]
    public void Calculation_ImagesOfTwoDays_CountsWhatTheDeploymentGuideCounts()
    {
        DailyReport[] days =
        [
            new() { Day = Today.AddDays(-1), Received = 60, Bytes = 60 * 700_000, Analyzed = 60 }, new() { Day = Today, Received = 40, Bytes = 40 * 700_000, Analyzed = 40 },
        ];
        var cost = CostCalculation.Of(days, Today.AddDays(-1), Today, new PricesOptions());
        (cost.ImagesMeasured, cost.AverageBytes, cost.AnalysesPerImage).ShouldBe((100, 700_000, 1));
        // docs/deploy.md, "What an image does": 24 messages, 5 writes, 24 reads, 0.95 MB, five transactions, 11 requests, 30 KB of logs.
        Quantity("messages").ShouldBe(24_000);
        Quantity("blob-writes").ShouldBe(5_000);
        Quantity("blob-reads").ShouldBe(24_000);
        Quantity("blob-stored").ShouldBe(0.95);
        (Quantity("vision-tags-objects-people") + Quantity("vision-caption-text")).ShouldBe(5_000);
        Quantity("requests").ShouldBe(11_000);
        Quantity("logs").ShouldBe(0.03);
        cost.Lines.Single(line => line.Name == "messages").Amount.ShouldBe(0.0192m); // 24,000 of a million at $0.80

        double Quantity(string name) => cost.Lines.Single(line => line.Name == name).Quantity;
    }

    [Fact]
    public void Calculation_ImagesAnalyzedTwice_CostTwoAnalyses()
    {
        var once = CostCalculation.Of([new DailyReport { Day = Today, Received = 10, Bytes = 10, Analyzed = 10 }], Today, Today, new PricesOptions());
        var twice = CostCalculation.Of([new DailyReport { Day = Today, Received = 10, Bytes = 10, Analyzed = 20 }], Today, Today, new PricesOptions());
        Quantity(twice, "vision-caption-text").ShouldBe(2 * Quantity(once, "vision-caption-text"));
        Quantity(twice, "messages").ShouldBe(40_000);

        static double Quantity(CostEstimate cost, string name) => cost.Lines.Single(line => line.Name == name).Quantity;
    }

    [Fact]
    public void Calculation_EveryPriceIsSet_HasASum()
    {
        var options = new PricesOptions();
        foreach (var name in CostCalculation.Of([], Today, Today, options).Lines.Select(line => line.Name).ToList())
            options.Items[name] = new PriceOptions { Amount = 2, Date = Today, Source = "here" };
        var cost = CostCalculation.Of([], Today, Today, options);
        cost.Total.ShouldNotBeNull().ShouldBe(cost.Lines.Sum(line => line.Amount!.Value));
    }

    [Fact]
    public void Calculation_AnotherCurrency_LeavesTheDefaultsOut()
    {
        var cost = CostCalculation.Of([], Today, Today, new PricesOptions { Currency = "EUR" });
        (cost.Total, cost.OldestPrice).ShouldBe((null, null));
        cost.Lines.ShouldAllBe(line => line.Price == null && line.Amount == null);
    }

    [Fact]
    public void Options_Wrong_EveryErrorIsNamedAtOnce()
    {
        var options = new PricesOptions { Currency = "dollars", ApiReplicas = 0, ViewsPerImage = double.NaN };
        options.Items["messages"] = new PriceOptions { Amount = 1 };
        options.Items["coffee"] = new PriceOptions { Amount = -1, Date = Today };
        var failures = new PricesOptions.Validator().Validate(null, options).Failures!.ToList();
        foreach (var key in new[] { "Prices:Currency", "Prices:ApiReplicas", "Prices:ViewsPerImage", "Prices:Items:messages:Date", "Prices:Items:coffee is not", "Prices:Items:coffee:Amount" })
            failures.ShouldContain(one => one.StartsWith(key, StringComparison.Ordinal), key);
        new PricesOptions.Validator().Validate(null, new PricesOptions()).Succeeded.ShouldBeTrue();
    }
}
