namespace ImageAspire.AppHost.Embedded;

/// <summary>The first thing that a person reads.</summary>
internal static class Banner
{
    public static string Of(AppHostOptions options, Secrets secrets, Vision vision, Uri? dashboard) => $"""

          ImageAspire is running.

          Gallery   http://localhost:{options.ApiPort}/signin?token={secrets.SignInToken}
          API       http://localhost:{options.ApiPort}/api
          Dashboard {(dashboard is null ? "off (--no-dashboard)" : new Uri(dashboard, $"/login?t={secrets.DashboardToken}"))}
          API key   {secrets.ApiKey}
          Data      {options.DataFolder}
          Vision    {vision.Status}

          Ctrl+C stops everything.

        """;
}
