namespace ImageAspire.AppHost.Embedded;

/// <summary>The first thing that a person reads.</summary>
internal static class Banner
{
    public static string Of(AppHostOptions options, Secrets secrets, Vision vision) => $"""

          ImageAspire is running.

          Gallery   http://localhost:{options.ApiPort}/signin?token={secrets.SignInToken}
          API       http://localhost:{options.ApiPort}/api
          API key   {secrets.ApiKey}
          Data      {options.DataFolder}
          Vision    {vision.Status}

          Ctrl+C stops everything.

        """;
}
