using ImageAspire.AppHost.Embedded;

namespace ImageAspire.Tests.AppHost;

public sealed class ServiceEnvironmentTests
{
    [Theory]
    [InlineData("VISION_KEY")]
    [InlineData("Vision__Key")]
    [InlineData("Access__Keys__0__Sha256")]
    [InlineData("Access__Keys__12__Key")]
    [InlineData("Access__SignInTokenSha256")]
    [InlineData("OTEL_EXPORTER_OTLP_HEADERS")]
    [InlineData("OTEL_EXPORTER_OTLP_TRACES_HEADERS")]
    [InlineData("ASPNETCORE_Kestrel__Certificates__Default__Password")]
    [InlineData("ConnectionStrings__imagesdb")]
    [InlineData("APPLICATIONINSIGHTS_CONNECTION_STRING")]
    public void IsSecret_OfWhatOpensSomething_IsTrue(string name) => ServiceEnvironment.IsSecret(name).ShouldBeTrue();

    [Theory]
    [InlineData("Access__Keys__0__Name")]
    [InlineData("Access__Keys__0__Scopes")]
    [InlineData("OTEL_EXPORTER_OTLP_ENDPOINT")]
    [InlineData("Worker__Concurrency")]
    [InlineData("Embedded__DataFolder")]
    public void IsSecret_OfAnythingElse_IsFalse(string name) => ServiceEnvironment.IsSecret(name).ShouldBeFalse();

    [Fact]
    public void Telemetry_ToADashboard_CallsAServiceByItsInstance()
    {
        var environment = ServiceTelemetry.To(new Uri("http://localhost:4318"), "a-key").Of("worker", "worker-2");

        environment["OTEL_EXPORTER_OTLP_ENDPOINT"].ShouldBe("http://localhost:4318/");
        environment["OTEL_EXPORTER_OTLP_PROTOCOL"].ShouldBe("http/protobuf");
        environment["OTEL_EXPORTER_OTLP_HEADERS"].ShouldBe("x-otlp-api-key=a-key");
        environment["OTEL_SERVICE_NAME"].ShouldBe("worker");
        environment["OTEL_RESOURCE_ATTRIBUTES"].ShouldEndWith("service.instance.id=worker-2");
        ServiceTelemetry.Inherited.Of("worker", "worker-2").Keys.ShouldBe(["OTEL_SERVICE_NAME", "OTEL_RESOURCE_ATTRIBUTES"], ignoreOrder: true);
    }
}
