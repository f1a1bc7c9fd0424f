using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace ImageAspire.Dashboard.Access;

/// <summary>Who may see the pages, and what a browser may do with them.</summary>
internal static class AccessExtensions
{
    public static void AddAccess(this IServiceCollection services)
    {
    }

    public static void UseSecurityHeaders(this IApplicationBuilder app)
    {
    }

    public static void UseAccess(this IApplicationBuilder app)
    {
    }

    public static void MapSignIn(this IEndpointRouteBuilder app)
    {
    }
}
