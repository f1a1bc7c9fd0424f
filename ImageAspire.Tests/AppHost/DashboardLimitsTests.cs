using ImageAspire.AppHost.Embedded;
using ImageAspire.Dashboard.Telemetry;
using Microsoft.Extensions.Configuration;

namespace ImageAspire.Tests.AppHost;

public sealed class DashboardLimitsTests
{
    [Fact]
    public void Apply_Numbers_AreTheLimits()
    {
        var limits = new TelemetryLimits();

        Apply(limits, ("traces", "20000"), ("MetricMinutes", "15"), ("BytesPerStore", "134217728")).ShouldBeEmpty();

        (limits.Traces, limits.MetricDuration, limits.BytesPerStore).ShouldBe((20_000, TimeSpan.FromMinutes(15), 128L << 20));
        limits.LogsPerResource.ShouldBe(new TelemetryLimits().LogsPerResource);
    }

    [Fact]
    public void Apply_WhatCannotBe_IsNamedAllOfIt()
    {
        var problems = Apply(new TelemetryLimits(), ("Traces", "many"), ("Resources", "0"), ("RequestBytes", "9999999999"), ("Spans", "1"));

        problems.Count.ShouldBe(4);
        problems.ShouldContain("Dashboard__Limits__Traces must be a whole number from 1 to 1000000, not 'many'.");
        problems.ShouldContain(problem => problem.StartsWith("Dashboard__Limits__Spans is not known", StringComparison.Ordinal));
    }

    private static IReadOnlyList<string> Apply(TelemetryLimits limits, params (string Name, string Value)[] given) => DashboardLimits.Apply(limits,
        new ConfigurationBuilder().AddInMemoryCollection(given.Select(one => KeyValuePair.Create("Dashboard:Limits:" + one.Name, (string?)one.Value))).Build());
}
