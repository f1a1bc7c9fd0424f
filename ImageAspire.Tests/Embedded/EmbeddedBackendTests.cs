using ImageAspire.Core.Ports;
using ImageAspire.Embedded;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace ImageAspire.Tests.Embedded;

public sealed class EmbeddedBackendTests : IDisposable
{
    private readonly TempFolder _folder = new();

    [Fact]
    public async Task Start_FolderThatCannotBeMade_FailsAndNamesTheSetting()
    {
        var file = Path.Combine(_folder.Root, "file");
        await File.WriteAllTextAsync(file, "not a folder");
        using var host = Build(Path.Combine(file, "data"));
        var error = await Should.ThrowAsync<OptionsValidationException>(() => host.StartAsync());
        error.Message.ShouldContain("Embedded:DataFolder");
        error.Message.ShouldContain(file);
    }

    [Fact]
    public async Task Start_EmptyFolderName_FailsAndNamesTheSetting()
    {
        using var host = Build(" ");
        (await Should.ThrowAsync<OptionsValidationException>(() => host.StartAsync())).Message.ShouldContain("Embedded:DataFolder");
    }

    [Fact]
    public async Task Start_GoodFolder_IsMadeAndLeftClean()
    {
        var data = Path.Combine(_folder.Root, "a", "b");
        using var host = Build(data);
        await host.StartAsync();
        Directory.Exists(data).ShouldBeTrue();
        Directory.GetFiles(data).ShouldBeEmpty();
        await host.StopAsync();
    }

    [Fact]
    public async Task Start_NewFolder_IsForThisUserAlone_AndAnOldOneKeepsItsRights()
    {
        if (OperatingSystem.IsWindows())
            return; // rights are inherited there, nothing is set
        const UnixFileMode Shared = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute | UnixFileMode.GroupRead | UnixFileMode.GroupExecute;
        var (made, old) = (Path.Combine(_folder.Root, "new"), Path.Combine(_folder.Root, "old"));
        Directory.CreateDirectory(old, Shared);

        foreach (var data in new[] { made, old })
        {
            using var host = Build(data);
            await host.StartAsync();
            await host.StopAsync();
        }

        File.GetUnixFileMode(made).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        File.GetUnixFileMode(old).ShouldBe(Shared);
    }

    [Fact]
    public async Task Restart_OnTheSameFolder_EverythingIsThere()
    {
        var image = Samples.Image();
        await WithServicesAsync(async services =>
        {
            await services.GetRequiredService<IImageCatalog>().CommitAsync([image.Insert()], CancellationToken.None);
            await services.GetRequiredService<IAuditLog>().AppendAsync(image.Insert().Event, CancellationToken.None);
            await services.GetRequiredService<IReportStore>().ApplyAsync(image.Insert().Event, CancellationToken.None);
            await using var staged = await services.GetRequiredService<IBlobStore>().StageAsync(CancellationToken.None);
            await staged.CommitAsync(image.BlobName, "image/jpeg", CancellationToken.None);
        });

        await WithServicesAsync(async services =>
        {
            (await services.GetRequiredService<IImageCatalog>().QueryAsync(new ImageQuery { Text = "photo" }, CancellationToken.None)).Items.Count.ShouldBe(1);
            (await services.GetRequiredService<IAuditLog>().QueryAsync(new AuditQuery(), CancellationToken.None)).Items.Count.ShouldBe(1);
            var day = DateOnly.FromDateTime(Samples.Noon.UtcDateTime);
            (await services.GetRequiredService<IReportStore>().DailyAsync(day, day, CancellationToken.None)).Count.ShouldBe(1);
            (await services.GetRequiredService<IBlobStore>().StatAsync(image.BlobName, CancellationToken.None)).ShouldNotBeNull();
        });
    }

    public void Dispose() => _folder.Dispose();

    private async Task WithServicesAsync(Func<IServiceProvider, Task> use)
    {
        var services = new ServiceCollection().AddLogging().AddEmbeddedBackend(options => options.DataFolder = _folder.Root);
        await using var provider = services.BuildServiceProvider(new ServiceProviderOptions { ValidateOnBuild = true, ValidateScopes = true });
        await use(provider);
    }

    private static IHost Build(string folder)
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Configuration.AddInMemoryCollection([new("Embedded:DataFolder", folder), new("Embedded:ReserveFileBytes", "0")]);
        builder.Services.AddEmbeddedBackend(builder.Configuration);
        return builder.Build();
    }
}
