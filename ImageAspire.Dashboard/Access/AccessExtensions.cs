using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace ImageAspire.Dashboard.Access;

/// <summary>Who may see the pages, and what a browser may do with them.</summary>
internal static class AccessExtensions
{
    public static void AddAccess(this IServiceCollection services)
    {
        services.AddSingleton<Sessions>();
        services.AddSingleton<SignInAttempts>();
        services.TryAddSingleton(TimeProvider.System);
        // Nothing of ours is protected with it, but the framework would write keys to the home folder if something ever were.
        services.AddDataProtection();
        services.AddSingleton<IDataProtectionProvider, EphemeralDataProtectionProvider>();
    }

    public static void UseSecurityHeaders(this IApplicationBuilder app) => app.UseMiddleware<SecurityHeaders>();

    /// <summary>Runs after routing: it looks at what would answer.</summary>
    public static void UseAccess(this IApplicationBuilder app) => app.UseMiddleware<AccessMiddleware>();
}
