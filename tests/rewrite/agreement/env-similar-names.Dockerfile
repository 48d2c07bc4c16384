FROM debian:12
ENV A=1 B=${AB} C="$A_B" D=\$A
USER 1000
