using ImageAspire.Api.Access;
using ImageAspire.Api.Uploads.Resumable;
using Microsoft.OpenApi;

namespace ImageAspire.Api.Http;

/// <summary>Marks the upload, whose body is read as a stream, for the OpenAPI document.</summary>
internal sealed record UploadBody;

/// <summary>Marks the merge patch for the OpenAPI document.</summary>
internal sealed record MergePatchBody;

/// <summary>The OpenAPI document, served at <c>/openapi/v1.json</c>.</summary>
internal static class ApiDescription
{
    /// <summary>Documents problems of endpoints.</summary>
    public static TBuilder WithProblems<TBuilder>(this TBuilder builder, params int[] statuses)
        where TBuilder : IEndpointConventionBuilder
    {
        foreach (var status in statuses)
            builder.WithMetadata(new ProducesResponseTypeMetadata(status, typeof(ApiProblem), [ProblemResult.ContentType]));
        return builder;
    }

    public static void AddApiDescription(this IServiceCollection services) => services.AddOpenApi("v1", options =>
    {
        options.AddDocumentTransformer((document, _, _) =>
        {
            document.Info = new OpenApiInfo
            {
                Title = "ImageAspire", Version = "v1", Description = "Drop a photo in, see what is in it.",
            };
            document.Servers = [];
            document.Components ??= new OpenApiComponents();
            document.Components.SecuritySchemes = new Dictionary<string, IOpenApiSecurityScheme>
            {
                ["bearer"] = new OpenApiSecurityScheme { Type = SecuritySchemeType.Http, Scheme = "bearer", Description = "An API key." },
                ["apiKey"] = new OpenApiSecurityScheme { Type = SecuritySchemeType.ApiKey, In = ParameterLocation.Header, Name = "X-API-Key", Description = "An API key." },
            };
            document.Security =
            [
                new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference("bearer", document)] = [] },
                new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference("apiKey", document)] = [] },
            ];
            HeadRequests.LeaveOut(document);
            ApiSchemas.Complete(document);
            return Task.CompletedTask;
        });
        options.AddSchemaTransformer((schema, context, _) =>
        {
            // Times have a converter of their own, whose JSON type the generator does not know.
            if (context.JsonTypeInfo.Type == typeof(DateTimeOffset))
                (schema.Type, schema.Format) = (JsonSchemaType.String, "date-time");
            else if (context.JsonTypeInfo.Type == typeof(DateTimeOffset?))
                (schema.Type, schema.Format) = (JsonSchemaType.String | JsonSchemaType.Null, "date-time");
            return Task.CompletedTask;
        });
        options.AddOperationTransformer((operation, context, _) =>
        {
            var metadata = context.Description.ActionDescriptor.EndpointMetadata;
            foreach (var (name, schema) in metadata.OfType<QueryParameters>().SelectMany(one => one.All))
                (operation.Parameters ??= []).Add(new OpenApiParameter { Name = name, In = ParameterLocation.Query, Schema = schema });

            foreach (var tus in metadata.OfType<TusOperation>())
                tus.Complete(operation);
            if (metadata.OfType<UploadBody>().Any())
                operation.RequestBody = Upload();
            if (metadata.OfType<MergePatchBody>().Any())
                operation.RequestBody = MergePatch();
            return Task.CompletedTask;
        });
    });

    public static void MapOpenApiDocument(this WebApplication app) => app.MapOpenApi().ExcludeFromDescription().RequireScope(Scopes.Read);

    private static OpenApiRequestBody Upload()
    {
        var bytes = new OpenApiSchema { Type = JsonSchemaType.String, Format = "binary" };
        return new OpenApiRequestBody
        {
            Required = true,
            Content = new Dictionary<string, OpenApiMediaType>
            {
                ["multipart/form-data"] = new()
                {
                    Schema = new OpenApiSchema
                    {
                        Type = JsonSchemaType.Object,
                        Properties = new Dictionary<string, IOpenApiSchema> { ["file"] = new OpenApiSchema { Type = JsonSchemaType.Array, Items = bytes } },
                        Required = new HashSet<string> { "file" },
                    },
                },
                ["image/*"] = new() { Schema = bytes },
                ["application/octet-stream"] = new() { Schema = bytes },
            },
        };
    }

    private static OpenApiRequestBody MergePatch() => new()
    {
        Required = true,
        Content = new Dictionary<string, OpenApiMediaType>
        {
            ["application/merge-patch+json"] = new()
            {
                Schema = new OpenApiSchema
                {
                    Type = JsonSchemaType.Object,
                    Properties = new Dictionary<string, IOpenApiSchema>
                    {
                        ["name"] = new OpenApiSchema { Type = JsonSchemaType.String },
                        ["tags"] = new OpenApiSchema { Type = JsonSchemaType.Array | JsonSchemaType.Null, Items = new OpenApiSchema { Type = JsonSchemaType.String } },
                        ["archived"] = new OpenApiSchema { Type = JsonSchemaType.Boolean },
                    },
                },
            },
        },
    };
}
