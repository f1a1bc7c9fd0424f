using ImageAspire.Dashboard.Components.Console;
using ImageAspire.Dashboard.Components.Live;
using ImageAspire.Dashboard.Components.Pages;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace ImageAspire.Dashboard.Components;

/// <summary>The pages, and what they are made of.</summary>
internal static class PagesExtensions
{
    public static void AddPages(this IServiceCollection services)
    {
        services.AddRazorComponents();
        services.AddHttpContextAccessor();
        services.AddScoped<PageContext>();
        services.AddSingleton<PageVersions>();
        services.AddSingleton<Commands>();
        services.AddSingleton<ConsoleReader>();
    }

    /// <summary>What is shown when something fails: nothing that could fail, too.</summary>
    public static void UseErrorPage(this IApplicationBuilder app) => app.UseExceptionHandler(new ExceptionHandlerOptions { ExceptionHandler = ErrorPage.WriteAsync });

    /// <summary>Answers 304 to a page that has not changed. Runs after access.</summary>
    public static void UsePageVersions(this IApplicationBuilder app) => app.UseMiddleware<PageVersionMiddleware>();

    public static void MapPages(this IEndpointRouteBuilder app)
    {
        app.MapTheme();
        app.MapCommands();
        app.MapConsole();
        // Forms are checked by AccessMiddleware, for every POST: the framework's own check, page by page, is not used.
        app.MapRazorComponents<App>().DisableAntiforgery();
    }
}
