using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Radzen;

namespace ImageAspire.Dashboard.Components;

/// <summary>The pages, and what they are made of.</summary>
internal static class PagesExtensions
{
    public static void AddPages(this IServiceCollection services)
    {
        services.AddRazorComponents();
        services.AddRadzenComponents();
    }

    public static void MapAssets(this IEndpointRouteBuilder app)
    {
    }

    public static void MapPages(this IEndpointRouteBuilder app) => app.MapRazorComponents<App>();
}
