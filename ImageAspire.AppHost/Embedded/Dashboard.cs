using ImageAspire.Dashboard;

namespace ImageAspire.AppHost.Embedded;

/// <summary>Hosts the service dashboard in this process.</summary>
internal static class Dashboard
{
    /// <summary>Starts it; null when none is wanted.</summary>
    /// <exception cref="IOException">Its port is in use.</exception>
    public static async Task<DashboardHost?> StartAsync(AppHostOptions options, Secrets secrets, Supervisor supervisor, CancellationToken cancellationToken)
    {
        if (options.NoDashboard)
            return null;
        var dashboard = new DashboardOptions
        {
            Port = options.DashboardPort,
            ReservedPorts = { options.ApiPort },
            SignInTokenSha256 = secrets.DashboardTokenHash,
            ApiKeySha256 = secrets.ApiKeyHash,
            OtlpKeySha256 = secrets.OtlpKeyHash,
            AttributeLinks = { ["imageaspire.image.id"] = $"http://localhost:{options.ApiPort}/?image={{value}}" },
        };
        DashboardLimits.Apply(dashboard.Limits); // what is wrong was said before anything started
        return await DashboardHost.StartAsync(dashboard, supervisor.Board, supervisor.Console, supervisor, cancellationToken);
    }
}
