using ImageAspire.Dashboard.Components;
using ImageAspire.Dashboard.Resources;

namespace ImageAspire.Tests.Dashboard.Pages;

public sealed class SecretsTests
{
    [Theory]
    [InlineData("Vision__Key", "abc")]
    [InlineData("SIGNING_PASSPHRASE", "abc")]
    [InlineData("Proxy__Authorization", "Basic abc")]
    [InlineData("OTEL_EXPORTER_OTLP_HEADERS", "x-otlp-api-key=abc")]
    [InlineData("Backend__Blobs", "https://account.blob.example/images?sv=2026&sig=abc")]
    [InlineData("Backend__Documents", "mongodb://user:abc@host/images")]
    [InlineData("Backend__Proxy", "http://abc@proxy:8080")]
    [InlineData("Backend__Topic", "Endpoint=sb://host/;SharedAccessKeyName=a;SharedAccessKey=abc")]
    public void IsSecret_OfWhatOpensSomething_IsTrue(string name, string value) =>
        Secrets.IsSecret(new EnvironmentVariable(name, value, IsSecret: false)).ShouldBeTrue();

    [Theory]
    [InlineData("ASPNETCORE_URLS", "http://localhost:5080")]
    [InlineData("Api__TraceUrl", "http://localhost:18888/traces/detail/{traceId}?spanId=1")]
    [InlineData("Embedded__DataFolder", "/srv/data")]
    public void IsSecret_OfAnythingElse_IsFalse(string name, string value) =>
        Secrets.IsSecret(new EnvironmentVariable(name, value, IsSecret: false)).ShouldBeFalse();
}
