using Microsoft.AspNetCore.Routing;

namespace ImageAspire.Dashboard.Components;

/// <summary>New lines for the console page.</summary>
internal static class ConsoleLinesApi
{
    public static void MapConsoleLines(this IEndpointRouteBuilder app)
    {
    }
}
