using System.Net;
using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace Mooring.Providers.RunPod.Tests;

/// <summary>What was asked.</summary>
internal sealed record Asked(string Method, string PathAndQuery, string? Authorization, string? Body);

/// <summary>Answers requests one after the other with what it was given, and keeps what was asked.</summary>
internal sealed class Canned : HttpMessageHandler
{
    public const string Installation = "k3p9x2mq";
    public const string Key = "rpa_VERYSECRET";
    public const string NoVolumes = """{"networkVolumes": []}""";
    public const string NoPods = """{"pods": []}""";

    private readonly Queue<Func<HttpResponseMessage>> _answers = [];

    public List<Asked> Asked { get; } = [];

    public FakeTimeProvider Time { get; } = new(new DateTimeOffset(2026, 9, 1, 12, 0, 0, TimeSpan.Zero));

    public static string Name(int number) => RemoteName.For(Installation, number.ToString("x32"));

    public Canned Then(int status, string body, params (string Name, string Value)[] headers)
    {
        _answers.Enqueue(() =>
        {
            var answer = new HttpResponseMessage((HttpStatusCode)status)
            {
                Content = new StringContent(body, Encoding.UTF8, status >= 400 ? "application/problem+json" : null),
            };
            foreach (var (name, value) in headers)
            {
                answer.Headers.TryAddWithoutValidation(name, value);
            }

            return answer;
        });
        return this;
    }

    public Canned ThenFail(Exception failure)
    {
        _answers.Enqueue(() => throw failure);
        return this;
    }

    public RunPodProvider Open(RunPodOptions? options = null) =>
        RunPodProvider.Open(options ?? new RunPodOptions(), Key, Installation, Time, NullLogger.Instance, this);

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken ct)
    {
        Asked.Add(new Asked(
            request.Method.Method,
            request.RequestUri!.PathAndQuery,
            request.Headers.Authorization?.ToString(),
            request.Content is null ? null : await request.Content.ReadAsStringAsync(ct)));
        return _answers.TryDequeue(out var answer)
            ? answer()
            : throw new InvalidOperationException($"Nothing was to ask for {request.RequestUri}.");
    }
}
