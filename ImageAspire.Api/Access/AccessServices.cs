using System.Text.Encodings.Web;
using ImageAspire.Api.Http;
using Microsoft.AspNetCore.Authentication;

namespace ImageAspire.Api.Access;

/// <summary>Authentication, authorization and rate limits.</summary>
internal static class AccessServices
{
    /// <summary>Adds API keys, sessions, policies, rate limits and the audit of refused calls.</summary>
    public static void AddAccess(this IServiceCollection services)
    {
        services.AddSingleton<ApiKeyCache>();
        services.AddSingleton<ApiKeyAuthenticator>();
        services.AddSingleton<TokenSigner>();
        services.AddSingleton<SpentTokens>();
        services.AddSingleton<SessionCookies>();
        services.AddSingleton<SessionLifetimes>();
        services.AddHostedService<SignedOutMonitor>();
        services.AddSingleton<SignIn>();
        services.AddSingleton<AnonymousCallLimiter>();
        services.AddSingleton<CallRefusal>();
        services.AddSingleton<ApiKeyAudit>();
        services.AddSingleton<ApiKeyService>();
        services.AddSingleton<DeniedCallAudit>();
        services.AddHostedService(provider => provider.GetRequiredService<DeniedCallAudit>());
        services.AddSingleton<ApiKeyCacheRefresher>();
        services.AddHostedService(provider => provider.GetRequiredService<ApiKeyCacheRefresher>());
        services.AddHealthChecks().AddCheck<ApiKeyCacheHealthCheck>("keys");
        services.AddApiKeyAuthentication();
        services.AddAuthorization(Scopes.AddPolicies);
        services.AddKeyRateLimiter();
        // The framework logs every refused call; a flood of them is summarised in the audit log instead.
        services.AddLogging(logging => logging.AddFilter(typeof(ApiKeyAuthenticationHandler).FullName, LogLevel.Warning));
    }

    // Not AddAuthentication: it adds data protection too, which writes keys into the home folder at the start and is used by nothing here.
    private static void AddApiKeyAuthentication(this IServiceCollection services)
    {
        services.AddAuthenticationCore(options =>
        {
            options.DefaultScheme = ApiKeyAuthenticationHandler.Scheme;
            options.AddScheme<ApiKeyAuthenticationHandler>(ApiKeyAuthenticationHandler.Scheme, null);
        });
        services.AddOptions<AuthenticationSchemeOptions>(ApiKeyAuthenticationHandler.Scheme).Configure<TimeProvider>((options, time) => options.TimeProvider = time);
        services.AddSingleton(UrlEncoder.Default);
        services.AddTransient<ApiKeyAuthenticationHandler>();
    }

    /// <summary>Authenticates, limits and authorizes every request but those for the files of the sign-in page.</summary>
    public static void UseAccess(this WebApplication app)
    {
        app.UseSignInFiles();
        app.UseAuthentication();
        app.UseKeyRateLimiter();
        app.UseAuthorization();
    }
}
