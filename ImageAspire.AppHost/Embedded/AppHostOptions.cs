namespace ImageAspire.AppHost.Embedded;

/// <summary>What was asked for on the command line.</summary>
/// <param name="DataFolder">Absolute path of the data folder.</param>
/// <param name="ApiPort">Port of gallery and API.</param>
/// <param name="DashboardPort">Port of the service dashboard, when there is one.</param>
/// <param name="Workers">Worker processes.</param>
/// <param name="ApiKey">The key with every scope; null for a new one.</param>
/// <param name="NoDashboard">True for no dashboard.</param>
/// <param name="NoVision">True for no local vision service.</param>
/// <param name="OtlpKey">What senders of telemetry show to the dashboard; null for a new one.</param>
internal sealed record AppHostOptions(
    string DataFolder, int ApiPort, int DashboardPort, int Workers, string? ApiKey, bool NoDashboard, bool NoVision = false, string? OtlpKey = null);
