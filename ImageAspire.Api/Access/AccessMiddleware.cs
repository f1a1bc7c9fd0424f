namespace ImageAspire.Api.Access;

/// <summary>Puts the door before everything but sign-in and health.</summary>
internal static class AccessMiddleware
{
    public static void UseAccess(this WebApplication app)
    {
        var door = app.Services.GetRequiredService<Door>();
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
        services.AddSingleton<KeyRing>();
        services.AddSingleton<Sessions>();
        services.AddSingleton<SessionEnds>();
        services.AddSingleton<AddressGuard>();
        services.AddSingleton<AccessAudit>();
        services.AddSingleton<KeyDesk>();
        services.AddSingleton<Door>();
        services.AddSingleton<DeniedCalls>();
        services.AddHostedService(provider => provider.GetRequiredService<DeniedCalls>());
        services.AddSingleton<KeyRefresh>();
        services.AddHostedService(provider => provider.GetRequiredService<KeyRefresh>());
        services.AddHealthChecks().AddCheck<KeyHealth>("keys");
    }

    private static bool IsOpen(PathString path) =>
        path.StartsWithSegments("/alive") || path.StartsWithSegments("/health") || path.StartsWithSegments("/signin")
        || path == "/favicon.svg" || path == "/gallery.css";
}
