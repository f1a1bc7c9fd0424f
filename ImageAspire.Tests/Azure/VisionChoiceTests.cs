using ImageAspire.Azure;
using ImageAspire.Backends;
using ImageAspire.Backends.Health;
using ImageAspire.Backends.Tracing;
using ImageAspire.Core.Ports;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace ImageAspire.Tests.Azure;

/// <summary>Which analyser a service gets, by its settings.</summary>
public sealed class VisionChoiceTests : IDisposable
{
    private const string Cloud = "Endpoint=https://name.cognitiveservices.azure.com/;Key=abc";
    private readonly TempFolder _folder = new();

    [Theory]
    [InlineData("Embedded", Cloud, null, "AzureVisionAnalyzer")]
    [InlineData("Embedded", Cloud, "http://localhost:5090", "AzureVisionAnalyzer")]
    [InlineData("Embedded", null, "http://localhost:5090", "LocalVisionAnalyzer")]
    [InlineData("Embedded", null, null, "BuiltInAnalyzer")]
    [InlineData("Azure", Cloud, null, "AzureVisionAnalyzer")]
    [InlineData("Azure", null, "http://localhost:5090", "LocalVisionAnalyzer")]
    [InlineData("Azure", null, null, "BuiltInAnalyzer")]
    public void AddImageBackend_Settings_ChooseTheAnalyser(string backend, string? cloud, string? local, string expected)
    {
        using var provider = Builder(backend, cloud, local).AddImageBackend().Services.BuildServiceProvider();

        // One that can be away is observed: then it is behind its observer.
        var analyzer = provider.GetRequiredService<IImageAnalyzer>();
        (analyzer is ObservedAnalyzer ? provider.GetRequiredKeyedService<IImageAnalyzer>(typeof(PortSpans)) : analyzer).GetType().Name.ShouldBe(expected);
        (analyzer is ObservedAnalyzer).ShouldBe(expected != "BuiltInAnalyzer");
    }

    [Theory]
    [InlineData("Embedded")]
    [InlineData("Azure")]
    public void AddImageBackend_VisionMalformed_IsNamed(string backend) =>
        Should.Throw<OptionsValidationException>(() => Builder(backend, "Key=abc", null).AddImageBackend())
            .Failures.ShouldHaveSingleItem().ShouldStartWith("ConnectionStrings:vision is malformed");

    [Fact]
    public async Task Start_VisionSettingsWrong_AreNamedAllAtOnce()
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Configuration["ConnectionStrings:vision"] = Cloud;
        builder.Configuration["Vision:TimeLimit"] = "01:00:00";
        builder.Configuration["Vision:Language"] = " ";
        builder.AddAzureVision();
        using var host = builder.Build();

        var failures = (await Should.ThrowAsync<OptionsValidationException>(() => host.StartAsync())).Failures.ToList();

        failures.Count.ShouldBe(2);
        failures.ShouldContain(failure => failure.StartsWith("Vision:TimeLimit", StringComparison.Ordinal));
        failures.ShouldContain(failure => failure.StartsWith("Vision:Language", StringComparison.Ordinal));
    }

    public void Dispose() => _folder.Dispose();

    private HostApplicationBuilder Builder(string backend, string? cloud, string? local)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Configuration["Backend"] = backend;
        builder.Configuration["DataFolder"] = _folder.Root;
        builder.Configuration["ConnectionStrings:imagesdb"] = "mongodb://localhost:27017/imagesdb";
        builder.Configuration["ConnectionStrings:images"] = "UseDevelopmentStorage=true;ContainerName=images";
        builder.Configuration["ConnectionStrings:uploads"] = "UseDevelopmentStorage=true;ContainerName=uploads";
        builder.Configuration["ConnectionStrings:messaging"] = "name.servicebus.windows.net";
        builder.Configuration["ConnectionStrings:vision"] = cloud;
        builder.Configuration["Vision:Endpoint"] = local;
        builder.Configuration["Vision:Key"] = local is null ? null : "a-key";
        return builder;
    }
}
