using ImageAspire.Api;
using ImageAspire.Api.Access;
using ImageAspire.Api.Alarms;
using ImageAspire.Api.Http;
using ImageAspire.Api.Images;
using ImageAspire.Api.Live;
using ImageAspire.Api.Operations;
using ImageAspire.Api.Reports;
using ImageAspire.Api.Search;
using ImageAspire.Api.Uploads;
using ImageAspire.Api.Uploads.Resumable;
using ImageAspire.Api.Webhooks;
using ImageAspire.Backends;
using ImageAspire.Core.Heartbeats;
using ImageAspire.ServiceDefaults;
using ImageAspire.ServiceDefaults.Health;
using ImageAspire.ServiceDefaults.Heartbeats;

return await StartUp.RunAsync(() => Build(args));

static WebApplication Build(string[] args)
{
    var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { Args = args, ContentRootPath = AppContext.BaseDirectory });
    builder.AddServiceDefaults();
    builder.AddImageBackend();
    builder.AddApiServices();
    builder.AddHeartbeat(ServiceNames.Api);

    var app = builder.Build().CheckSettings();
    app.UseProblemDetails();
    app.UseSecurityHeaders();
    AllowedHosts.Use(app);
    app.UseRouting();
    app.UseAccess();
    app.UseGallery();
    app.MapDefaultEndpoints();
    app.MapOpenApiDocument();
    app.MapSignIn();

    var api = app.MapGroup("/api").WithProblems(401, 403, 429).WithHead().WithoutUnknownParameters();
    api.MapUploads();
    api.MapResumableUploads();
    api.MapImages();
    api.MapTrash();
    api.MapSimilar();
    api.MapContent();
    api.MapLive();
    api.MapReports();
    api.MapAudit();
    api.MapOperations();
    api.MapAlarms();
    api.MapWebhooks();
    api.MapKeys();
    return app;
}
