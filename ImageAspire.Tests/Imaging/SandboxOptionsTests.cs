using ImageAspire.Core.Ports;
using ImageAspire.Imaging;
using ImageAspire.Imaging.Isolation.Sandbox;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Testing;
using Microsoft.Extensions.Options;

namespace ImageAspire.Tests.Imaging;

public sealed class SandboxOptionsTests
{
    private static readonly SandboxSupport Complete = new(true, 1, true);

    public static TheoryData<string, bool, int, bool> Lacking => new()
    {
        { "Landlock", true, 0, true }, { "seccomp", true, 7, false }, { "Landlock", true, 0, false }, { "Linux", false, 0, false },
    };

    [Theory]
    [MemberData(nameof(Lacking))]
    public void Required_SomethingLacks_DoesNotStart(string named, bool isLinux, int landlock, bool hasSeccomp)
    {
        using var services = Services("required", new SandboxSupport(isLinux, landlock, hasSeccomp));

        var error = Should.Throw<OptionsValidationException>(() => services.GetRequiredService<IStartupValidator>().Validate());

        error.Message.ShouldContain("Imaging:Sandbox");
        error.Message.ShouldContain(named);
    }

    [Fact]
    public void Required_NothingLacks_Starts()
    {
        using var services = Services("required", Complete);

        services.GetRequiredService<IStartupValidator>().Validate();
    }

    [Theory]
    [MemberData(nameof(Lacking))]
    public async Task Auto_SomethingLacks_WarnsOnceOnLinuxAndHealthSaysSo(string named, bool isLinux, int landlock, bool hasSeccomp)
    {
        var log = new FakeLogCollector();
        using var services = Services("auto", new SandboxSupport(isLinux, landlock, hasSeccomp), log);

        services.GetRequiredService<IImageDecoder>();
        services.GetRequiredService<IImageDecoder>();

        log.Warnings().Count.ShouldBe(isLinux ? 1 : 0);
        var health = (await services.GetRequiredService<HealthCheckService>().CheckHealthAsync()).Entries["decoders"];
        (health.Status, health.Description!.Contains(named, StringComparison.Ordinal)).ShouldBe((HealthStatus.Healthy, true));
    }

    [Theory]
    [InlineData("auto", "Landlock 1 and seccomp")]
    [InlineData("off", "Imaging:Sandbox is off")]
    public async Task NothingLacks_IsSilentAndHealthSaysWhatThereIs(string setting, string text)
    {
        var log = new FakeLogCollector();
        using var services = Services(setting, Complete, log);

        services.GetRequiredService<IImageDecoder>();

        log.Warnings().ShouldBeEmpty();
        (await services.GetRequiredService<HealthCheckService>().CheckHealthAsync()).Entries["decoders"].Description!.ShouldContain(text);
    }

    private static ServiceProvider Services(string setting, SandboxSupport sandbox, FakeLogCollector? log = null)
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection([KeyValuePair.Create("Imaging:Sandbox", (string?)setting)]).Build();
        return new ServiceCollection().AddLogging(logging => logging.AddProvider(new FakeLoggerProvider(log ?? new FakeLogCollector())))
            .AddImaging(configuration, sandbox).BuildServiceProvider();
    }
}
