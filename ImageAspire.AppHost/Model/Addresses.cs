using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;

namespace ImageAspire.AppHost.Model;

/// <summary>Prints the addresses of a local run to the console.</summary>
internal static class AddressesExtensions
{
    /// <summary>Prints them when the Api answers.</summary>
    public static void PrintAddresses(this IDistributedApplicationBuilder builder, AppHostSettings settings, Access access, Vision? vision)
    {
        if (!builder.ExecutionContext.IsRunMode)
            return;
        var token = builder.Configuration["AppHost:BrowserToken"];
        var dashboard = token is null ? "off" : $"http://localhost:{settings.DashboardPort}/login?t={token}";
        builder.Services.AddHostedService(provider => new Addresses(provider.GetRequiredService<ResourceNotificationService>(), () => $"""

              ImageAspire is running.

              Gallery   {access.SignInLink(Links.GalleryAddress(settings))}
                        (signs in once, within {Access.LinkLifetime.TotalMinutes:0} minutes; later, open {Links.GalleryAddress(settings)} with the API key)
              API       {Links.GalleryAddress(settings)}/api
              Dashboard {dashboard}
              API key   {access.KeyText}
              Data      {(settings.Backend == Backend.Embedded ? settings.DataFolder : AzureBackend.Describe(builder.Configuration, settings))}
              Vision    {vision?.Status ?? "off: images are described by measured facts"}

              Ctrl+C stops everything.

            """));
    }

    private sealed class Addresses(ResourceNotificationService notifications, Func<string> text) : BackgroundService
    {
        protected override async Task ExecuteAsync(CancellationToken stoppingToken)
        {
            // Degraded, too: an alarm of the last run, or a disk that is nearly full, must not hide where the pages are that explain it.
            await notifications.WaitForResourceAsync("api", change => change.Snapshot.HealthStatus is HealthStatus.Healthy or HealthStatus.Degraded, stoppingToken);
            await Console.Out.WriteLineAsync(text().AsMemory(), stoppingToken);
        }
    }
}
