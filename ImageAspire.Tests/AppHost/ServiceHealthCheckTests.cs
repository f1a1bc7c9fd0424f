using System.Net;
using System.Text;
using ImageAspire.AppHost.Model;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace ImageAspire.Tests.AppHost;

/// <summary>What the dashboard says of a service's own report.</summary>
public sealed class ServiceHealthCheckTests
{
    [Theory]
    [InlineData("""{"status":"Healthy","results":{"topic":{"status":"Healthy"}}}""", HealthStatus.Healthy, "Healthy")]
    [InlineData("""{"status":"Healthy"}""", HealthStatus.Healthy, "Healthy")]
    [InlineData("""{"status":"Degraded","results":{"topic":{"status":"Degraded","description":"12 dead letters"},"blobs":{"status":"Healthy"}}}""", HealthStatus.Degraded, "topic: 12 dead letters")]
    [InlineData("""{"status":"Unhealthy","results":{"blobs":{"status":"Unhealthy","description":"disk full"},"catalog":{"status":"Unhealthy"}}}""", HealthStatus.Unhealthy, "blobs: disk full; catalog: Unhealthy")]
    public void Read_Report_IsRepeatedWithItsReasons(string body, HealthStatus status, string description)
    {
        var result = ServiceHealthCheck.Read(HttpStatusCode.OK, Encoding.UTF8.GetBytes(body));
        (result.Status, result.Description).ShouldBe((status, description));
    }

    [Theory]
    [InlineData("")]
    [InlineData("<html>")]
    [InlineData("[]")]
    [InlineData("""{"health":"fine"}""")]
    [InlineData("""{"status":1}""")]
    [InlineData("""{"status":"Healthy","results":{"topic":{}}}""")]
    public void Read_NoReport_IsUnhealthyWithTheStatusCode(string body)
    {
        var result = ServiceHealthCheck.Read(HttpStatusCode.BadGateway, Encoding.UTF8.GetBytes(body));
        (result.Status, result.Description).ShouldBe((HealthStatus.Unhealthy, "HTTP 502 without a report."));
    }

    [Fact]
    public void Read_UnknownStatus_IsUnhealthy() =>
        ServiceHealthCheck.Read(HttpStatusCode.OK, Encoding.UTF8.GetBytes("""{"status":"Fine"}""")).Status.ShouldBe(HealthStatus.Unhealthy);
}
