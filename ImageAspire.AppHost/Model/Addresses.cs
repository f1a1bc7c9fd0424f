using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace ImageAspire.AppHost.Model;

/// <summary>Prints the addresses of a local run to the console.</summary>
internal static class AddressesExtensions
{
    /// <summary>Prints them when the Api is healthy.</summary>
    public static void PrintAddresses(this IDistributedApplicationBuilder builder, AppHostSettings settings, Access access, Vision? vision)
    {
        if (!builder.ExecutionContext.IsRunMode)
            return;
        var token = builder.Configuration["AppHost:BrowserToken"];
        var dashboard = token is null ? "off" : $"http://localhost:{settings.DashboardPort}/login?t={token}";
        builder.Services.AddHostedService(provider => new Addresses(provider.GetRequiredService<ResourceNotificationService>(), $"""

              ImageAspire is running.

              Gallery   {Links.GalleryAddress($"http://localhost:{settings.ApiPort}", access)}
              API       http://localhost:{settings.ApiPort}/api
              Dashboard {dashboard}
              API key   {access.KeyText}
              Data      {(settings.Backend == Backend.Embedded ? settings.DataFolder : "Azure backend")}
              Vision    {vision?.Status ?? "off: images are described by measured facts"}

              Ctrl+C stops everything.

            """));
    }

    private sealed class Addresses(ResourceNotificationService notifications, string text) : BackgroundService
    {
        protected override async Task ExecuteAsync(CancellationToken stoppingToken)
        {
            await notifications.WaitForResourceHealthyAsync("api", WaitBehavior.WaitOnResourceUnavailable, stoppingToken);
            await Console.Out.WriteLineAsync(text.AsMemory(), stoppingToken);
        }
    }
}
