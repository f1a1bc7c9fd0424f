namespace ImageAspire.Api.Access;

/// <summary>Puts the door before everything but sign-in and health.</summary>
internal static class AccessMiddleware
{
    public static void UseAccess(this WebApplication app)
    {
        var door = app.Services.GetRequiredService<AccessControl>();
        app.Use(async (context, next) =>
        {
            if (!IsOpen(context.Request.Path) && await door.RefuseAsync(context) is { } refusal)
                await refusal.ExecuteAsync(context);
            else
                await next(context);
        });
    }

    /// <summary>Adds keys, sessions, lock-out and what is told about refused calls.</summary>
    public static void AddAccess(this IServiceCollection services)
    {
        services.AddSingleton<ApiKeyCache>();
        services.AddSingleton<SessionCookies>();
        services.AddSingleton<SessionLifetimes>();
        services.AddSingleton<AnonymousCallLimiter>();
        services.AddSingleton<ApiKeyAudit>();
        services.AddSingleton<ApiKeyService>();
        services.AddSingleton<AccessControl>();
        services.AddSingleton<DeniedCallAudit>();
        services.AddHostedService(provider => provider.GetRequiredService<DeniedCallAudit>());
        services.AddSingleton<ApiKeyCacheRefresher>();
        services.AddHostedService(provider => provider.GetRequiredService<ApiKeyCacheRefresher>());
        services.AddHealthChecks().AddCheck<ApiKeyCacheHealthCheck>("keys");
    }

    private static bool IsOpen(PathString path) =>
        path.StartsWithSegments("/alive") || path.StartsWithSegments("/health") || path.StartsWithSegments("/signin")
        || path == "/favicon.svg" || path == "/gallery.css";
}
